"""Who the secretariat is, and what obeys and answers it, built from the settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from outbox.compose import Letters
    from outbox.terms import Hooks
    from program.campaign_folders import LoadedCampaign
    from program.settings import Settings
    from scheduler.approving import Approving
    from scheduler.clock import Clock
    from scheduler.deputising import Deputising
    from scheduler.instructed import Instructed
    from scheduler.secretariat import Secretariat
    from storage.register import Register


def secretariat_of(settings: Settings) -> Secretariat:
    from scheduler.secretariat import Secretariat

    return Secretariat(
        own_address=settings.mailbox.username.lower(),
        sender=settings.sender.lower(),
        to=settings.digest.to,
        deputy=settings.digest.deputy,
        domain=settings.sender.rpartition("@")[2] or "localhost",
        approvers=settings.letters.approver,
    )


def instructed_of(settings: Settings, loaded: Sequence[LoadedCampaign]) -> Instructed:
    from program.campaign_folders import briefing_hours_of
    from program.duties import desk_of
    from scheduler.entered import Entering
    from scheduler.instructed import Instructed

    campaigns = {each.campaign.id: each.campaign for each in loaded}
    secretariat = secretariat_of(settings)

    def answer(*asked: Any) -> None:
        from scheduler.staff_requests import Requests  # rules and phrases, for a colleague who has asked

        Requests(campaigns, secretariat).answer(*asked)

    hours = {each.campaign.id: briefing_hours_of(each).digest for each in loaded}
    entering = Entering(campaigns, secretariat.domain)
    return Instructed(desk_of(settings, loaded), secretariat, answer, hours, entering)


def deputising_of(settings: Settings, loaded: Sequence[LoadedCampaign], register: Register, clock: Clock) -> Deputising:
    from program.duties import desk_of
    from scheduler.deputising import Deputising

    return Deputising(register, desk_of(settings, loaded), secretariat_of(settings), clock)


def approving_of(
    settings: Settings, register: Register, composer: Letters, hooks: Hooks, clock: Clock
) -> Approving | None:
    """Who puts letters before the approver: of the configuration, else the secretariat's list, else the mailbox.

    None where no letter needs approval and none ever did.
    """
    from outbox.approval import parse
    from storage import approvals

    policy = parse(settings.letters.approve)
    with register.reading() as tx:
        if not policy.is_asked and not approvals.were_ever(tx):
            return None
    from scheduler.approval_letter import Asking
    from scheduler.approving import Approving

    secretariat = secretariat_of(settings)
    to = settings.letters.approver or settings.digest.to or (secretariat.own_address,)
    return Approving(register, policy, composer, hooks, Asking(composer, secretariat, to), clock)
