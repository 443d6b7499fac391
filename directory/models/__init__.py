from .draft import ListingDraft, Photo
from .listing import Listing
from .saved import SavedListing
from .search import SearchDocument

__all__ = ["Listing", "ListingDraft", "Photo", "SavedListing", "SearchDocument"]
