from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from privacy import handover
from privacy.models import Export, ExportKind, ExportProfile


class Command(BaseCommand):
    """The same services as on the officers' pages: a second person releases there, and nowhere else."""

    help = "Ask for a hand-over to a company that works for the city, build what was released, or list what there is."

    def add_arguments(self, parser):
        acts = parser.add_subparsers(dest="act", required=True)
        request = acts.add_parser("request", help="ask; a second officer releases it in the admin")
        request.add_argument("profile", type=int, help="number of the export profile")
        request.add_argument("--by", required=True, metavar="EMAIL", help="the privacy officer who asks")
        request.add_argument("--reason", required=True)
        request.add_argument("--rehearsal", action="store_true", help="invented rows only")
        acts.add_parser("build", help="build what was released; it also happens every minute by itself")
        acts.add_parser("list", help="the hand-overs and where they stand")

    def handle(self, *, act, **options):
        {"request": self._request, "build": self._build, "list": self._list}[act](**options)

    def _request(self, *, profile, by, reason, rehearsal, **options):
        person = get_user_model().objects.filter(email=by.lower(), is_active=True, recipient="").first()
        if person is None or not person.has_perm("privacy.add_export"):
            raise CommandError(f"{by} is no privacy officer.")
        found = ExportProfile.objects.filter(pk=profile).first()
        if found is None:
            raise CommandError(f"There is no export profile {profile}.")
        kind = ExportKind.REHEARSAL if rehearsal else ExportKind.PROVISION
        try:
            export = handover.request(found, reason=reason, by=person, kind=kind)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"{export.number}: {handover.stage(export).label}")

    def _build(self, **options):
        built = Export.objects.filter(pk__in=handover.build_due())
        for export in built.order_by("pk"):
            self.stdout.write(f"{export.number}: {export.rows} rows, {export.size} bytes")
        self.stdout.write(f"{len(built)} built")

    def _list(self, **options):
        for export in Export.objects.select_related("profile").order_by("pk"):
            asked = timezone.localdate(export.requested_at)
            self.stdout.write(
                f"{export.number}  {asked}  {export.kind:<9}  {export.recipient:<20}  {handover.stage(export).label}"
            )
