from . import acting


class ActingMiddleware:
    """Whoever is logged in acts for themselves; on the pages of the admin, staff act as staff."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with acting.acting_as(request.user, to_its_end=True):
            return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.resolver_match.app_names == ["admin"] and request.user.is_staff:
            acting.take_on(acting.STAFF)
