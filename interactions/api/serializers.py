"""The shapes in which cases, interactions and messages are read and written over REST."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from interactions.enums import CaseStatus, MessageKind, Priority
from interactions.models import Attachment, Case, Delivery, Interaction, Message


class CaseSerializer(serializers.ModelSerializer[Case]):
    queue_name = serializers.CharField(source="queue.name", read_only=True)
    owner_name = serializers.CharField(source="owner.name", read_only=True, default=None)
    tags = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)

    class Meta:
        model = Case
        fields = [
            *(
                "id",
                "number",
                "subject",
                "status",
                "priority",
                "queue",
                "queue_name",
                "customer",
                "owner",
                "owner_name",
            ),
            *("previous", "language", "tags", "created_at", "active_at", "unanswered_since", "finished_at"),
        ]
        read_only_fields = fields


class CaseChangeSerializer(serializers.Serializer[Any]):
    """What may be changed on a case; what is left out stays."""

    status = serializers.ChoiceField(choices=CaseStatus.choices, required=False)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)
    subject = serializers.CharField(max_length=400, required=False)
    queue = serializers.UUIDField(required=False)
    owner = serializers.UUIDField(required=False, allow_null=True)


class InteractionSerializer(serializers.ModelSerializer[Interaction]):
    class Meta:
        model = Interaction
        fields = [
            *("id", "channel", "direction", "case", "customer", "queue"),
            *("created_at", "started_at", "answered_at", "ended_at"),
        ]
        read_only_fields = fields


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    class Meta:
        model = Attachment
        fields = ["id", "filename", "content_type", "size", "sha256", "inline"]


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    class Meta:
        model = Delivery
        fields = ["id", "state", "attempts", "due_at", "answer", "finished_at"]


class AddressSerializer(serializers.Serializer[Any]):
    address = serializers.CharField(max_length=320)
    name = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class MessageSerializer(serializers.ModelSerializer[Message]):
    attachments = AttachmentSerializer(many=True, read_only=True)
    delivery = DeliverySerializer(read_only=True, default=None)
    to = AddressSerializer(many=True, read_only=True)
    cc = AddressSerializer(many=True, read_only=True)

    class Meta:
        model = Message
        fields = [
            *("id", "case", "interaction", "customer", "channel", "direction", "kind", "party", "author"),
            *("sender_name", "sender_address", "subject", "text", "html", "reply_text", "signature", "to", "cc"),
            *("automatic", "answers", "occurred_at", "created_at", "attachments", "delivery"),
        ]
        read_only_fields = fields


class NewMessageSerializer(serializers.Serializer[Any]):
    """An answer to the customer or a note for colleagues. Without `to` it goes to whom the last message asks for."""

    case = serializers.UUIDField()
    kind = serializers.ChoiceField(
        choices=[(MessageKind.MESSAGE, "Message"), (MessageKind.NOTE, "Note")], default=MessageKind.MESSAGE
    )
    text = serializers.CharField(required=False, allow_blank=True, default="", max_length=200_000)
    html = serializers.CharField(required=False, allow_blank=True, default="", max_length=1_000_000)
    to = AddressSerializer(many=True, required=False)
    cc = AddressSerializer(many=True, required=False)
    status = serializers.ChoiceField(choices=CaseStatus.choices, default=CaseStatus.WAITING_CUSTOMER)
