"""From an order's page to its row: all that was told of the order stands in one."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from messagecenter.inbox.access import PageRequest, in_mailbox
from messagecenter.inbox.mailboxes import ReadableMailbox
from messagecenter.inbox.models import Entry, Source
from orders.models import Order


@require_safe
@in_mailbox
def find_order(request: PageRequest, mailbox: ReadableMailbox, number: str) -> HttpResponse:
    """404 where this mailbox holds nothing of such an order."""
    orders = Order.objects.filter(number=number).values("pk")
    rows = Entry.objects.for_mailbox(mailbox.reader.mailbox_id).filter(source=Source.ORDER)
    entry_id = rows.filter(source_id__in=orders).values_list("id", flat=True).first()
    if entry_id is None:
        raise Http404
    return HttpResponseRedirect(f"{mailbox.address}{entry_id}/")
