"""REST: that two customers are one person, and taking it back; through the same doors as the screens."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agents.models import Agent
from customers.domain.access import access_merge, access_two, visible_merges
from customers.domain.merge import CHOOSABLE, merge, standing_merge, undo_merge
from customers.enums import Side
from customers.errors import CannotMerge, CannotUndo, NoSuchCustomer
from customers.models import Merge

CUSTOMER = OpenApiParameter("customer", UUID, description="Only merges of or into this customer")


class MergeSerializer(serializers.ModelSerializer[Merge]):
    class Meta:
        model = Merge
        fields = ["id", "created_at", "source", "target", "agent", "evidence", "undone_at", "undone_by"]


class NewMergeSerializer(serializers.Serializer[Any]):
    """`sides` says for fields whose value the remaining record shows; what is left out it keeps."""

    customer = serializers.UUIDField(help_text="Who is merged")
    into = serializers.UUIDField(help_text="Whose record remains")
    sides = serializers.DictField(child=serializers.ChoiceField(choices=Side.choices), required=False)
    evidence = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")

    def validate_sides(self, sides: dict[str, str]) -> dict[str, Side]:
        if unknown := sorted(sides.keys() - CHOOSABLE.keys()):
            raise serializers.ValidationError(f"{', '.join(unknown)} cannot be chosen.")
        return {field: Side(side) for field, side in sides.items()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["customer"] == attrs["into"]:
            raise serializers.ValidationError("It takes two customers.")
        return attrs


@extend_schema_view(list=extend_schema(parameters=[CUSTOMER]))
class MergeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Merge]):
    """Merges of customers, those that were undone included."""

    serializer_class = MergeSerializer
    queryset = Merge.objects.none()
    lookup_value_regex = "[0-9a-f-]{36}"

    @property
    def agent(self) -> Agent:
        return cast("Agent", self.request.user)

    def get_queryset(self) -> QuerySet[Merge]:
        if not isinstance(self.request.user, Agent):  # the schema is drawn without anybody asking
            return Merge.objects.none()
        customer = self.request.query_params.get("customer", "") if self.action == "list" else ""
        try:
            return visible_merges(self.agent, UUID(customer) if customer else None)
        except ValueError as error:
            raise ValidationError({"customer": "This is no id."}) from error

    @extend_schema(request=NewMergeSerializer, responses={200: MergeSerializer, 201: MergeSerializer})
    def create(self, request: Request) -> Response:
        """Make two customers one person. Said again it changes nothing and answers with the merge that holds."""
        given = NewMergeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        try:
            access_two(self.agent, data["customer"], data["into"])
        except NoSuchCustomer as error:
            raise NotFound from error
        try:
            made = merge(
                data["customer"],
                data["into"],
                agent=self.agent.pk,
                sides=data.get("sides"),
                evidence=data["evidence"] or "API",
            )
        except CannotMerge as error:
            held = standing_merge(data["customer"], data["into"])
            if held is None:
                raise ValidationError(str(error)) from error
            return Response(self.get_serializer(held).data)
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=MergeSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, _request: Request, pk: str) -> Response:
        """Take a merge back. Said again it changes nothing."""
        try:
            found = access_merge(self.agent, UUID(pk))
        except (NoSuchCustomer, ValueError) as error:
            raise NotFound from error
        try:
            found = undo_merge(found.pk, agent=self.agent.pk)
        except CannotUndo as error:
            found.refresh_from_db()
            if found.undone_at is None:
                raise ValidationError(str(error)) from error
        return Response(self.get_serializer(found).data)
