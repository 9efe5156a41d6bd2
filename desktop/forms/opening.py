"""What is asked before an agent writes first: to whom, in which queue's name, about what."""

from __future__ import annotations

from django import forms

from customers.domain.addresses import normalise
from customers.enums import IdentityKind
from customers.errors import AddressUnusable
from desktop.forms.beginning import begin_in
from foundation.keys import new_key
from interactions.channel import own_addresses
from interactions.enums import ChannelName
from interactions.models import Queue


class SenderField(forms.ModelChoiceField):
    """A queue under the address that its answers come from."""

    def __init__(self, senders: dict[Queue, str]) -> None:
        self.senders = {queue.pk: address for queue, address in senders.items()}
        super().__init__(Queue.objects.filter(pk__in=self.senders), label="From", empty_label=None)

    def label_from_instance(self, queue: Queue) -> str:
        return f"{queue.name} · {self.senders[queue.pk]}"


class OpeningForm(forms.Form):
    """`senders` are the queues that the agent may write from, with their addresses."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    customer = forms.UUIDField(required=False, widget=forms.HiddenInput)
    to = forms.CharField(
        label="To", max_length=320, error_messages={"required": "Write the address of whom you write to."}
    )
    subject = forms.CharField(max_length=400, error_messages={"required": "A letter needs a subject."})

    field_order = ["key", "customer", "to", "queue", "subject"]

    def __init__(self, data: object, *, senders: dict[Queue, str], initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial={"key": new_key(), **(initial or {})})  # type: ignore[arg-type]
        self.fields["queue"] = SenderField(senders)
        self.order_fields(self.field_order)
        self.fields["to"].widget.attrs.update({"list": "known-addresses", "autocomplete": "off", "inputmode": "email"})
        begin_in(self, "to", "subject")

    def clean_to(self) -> str:
        address = str(self.cleaned_data["to"]).strip()
        try:
            value = normalise(IdentityKind.EMAIL, address)
        except AddressUnusable as error:
            raise forms.ValidationError(str(error)) from error
        if value in own_addresses(ChannelName.EMAIL):
            raise forms.ValidationError(f"{address} is an address of our own.")
        return address
