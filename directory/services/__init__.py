from .draft import Stale, confirm_languages, draft_of, save, show_contact
from .photos import TooManyPhotos, add_photo, describe_photo, move_photo, remove_photo
from .publishing import Incomplete, NotApproved, may_publish, preview, publish, refresh_facts, unpublish
from .saved import forget, note, remember

__all__ = [
    "Incomplete",
    "NotApproved",
    "Stale",
    "TooManyPhotos",
    "add_photo",
    "confirm_languages",
    "describe_photo",
    "draft_of",
    "forget",
    "may_publish",
    "move_photo",
    "note",
    "preview",
    "publish",
    "refresh_facts",
    "remember",
    "remove_photo",
    "save",
    "show_contact",
    "unpublish",
]
