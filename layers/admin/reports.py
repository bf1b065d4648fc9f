"""The administration of reports of mistakes: who keeps the layers reads those of its counties and answers them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from layers import registry, reports
from layers.access import may_answer_reports, reader_of, visible_reports
from layers.admin.changes import LockingAdmin
from layers.admin.forms import RowForm
from layers.errors import UnknownLayer
from layers.models import MistakeReport
from layers.models.reports import ReportState


class AnswerForm(RowForm):
    class Meta:
        model = MistakeReport
        fields = ("state", "answer")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("state") != ReportState.OPEN and not cleaned.get("answer", "").strip():
            self.add_error("answer", _("Say what came of it: the answer is kept when the report is closed."))
        return cleaned


@admin.register(MistakeReport)
class MistakeReportAdmin(LockingAdmin):
    """What is said can only be answered; how to answer is erased when that is done."""

    form = AnswerForm
    list_display = ("name", "layer", "received_at", "due", "state")
    list_filter = ("state", "layer_id")
    readonly_fields = ("feature", "layer", "division", "text", "contact", "received_at", "due")
    fields = (*readonly_fields, "state", "answer", "row_version")
    actions = None
    show_full_result_count = False

    @admin.display(description=gettext_lazy("layer"))
    def layer(self, report: MistakeReport) -> str:
        try:
            return str(registry.get(report.layer_id).title)
        except UnknownLayer:
            return report.layer_id

    @admin.display(description=gettext_lazy("name"))
    def feature(self, report: MistakeReport) -> str:
        page = f"/api/collections/{report.layer_id}/items/{report.code}?f=html"
        return format_html('<a href="{}">{}</a> {}', page, report.name, report.code)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(visible_reports(reader_of(request.user)))

    def save_model(self, request: HttpRequest, obj: MistakeReport, form: Any, change: bool) -> None:  # noqa: ARG002  Django's signature
        reports.answer(obj, state=ReportState(obj.state), text=obj.answer)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_answer_reports(reader_of(request.user))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return may_answer_reports(reader_of(request.user))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return may_answer_reports(reader_of(request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  Django's signature
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False
