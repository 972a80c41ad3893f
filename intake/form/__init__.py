"""From a Document to filled forms: labels found, values normalised, choices judged, problems named.

`finding` assembles, `layout` and its neighbours read the page, `choices` is the one judge.
"""

from intake.form.finding import Found, find_forms, is_ours

__all__ = ["Found", "find_forms", "is_ours"]
