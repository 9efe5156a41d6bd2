"""What rows become: found among the customers that are there, and, when it is no trial, written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from customers.domain.claim import claim
from customers.domain.importing.candidate import Candidate
from customers.domain.names import person_name
from customers.enums import NameSource, RowOutcome
from customers.events import CustomerChanged, CustomerCreated
from customers.models import Customer, CustomerImport, Identity, Organisation
from foundation import bus, clock


@dataclass
class Result:
    """What became of a row, or would."""

    candidate: Candidate
    outcome: RowOutcome
    reason: str = ""
    customer: Customer | None = None
    changes: dict[str, object] = field(default_factory=dict)
    missing: list[tuple[str, str, str]] = field(default_factory=list)


Known = dict[tuple[str, str], Identity]


def judge(batch: CustomerImport, candidates: Sequence[Candidate]) -> list[Result]:
    """What each would become, in a few queries for all of them; those with a mistake keep it."""
    known = _known(candidates)
    organisations = _organisations(candidates)
    return [_judge(batch, candidate, known, organisations) for candidate in candidates]


def take(batch: CustomerImport, candidates: Sequence[Candidate]) -> list[Result]:
    """Writes them and says what each became. Mail from the same people may come in beside it."""
    _make_organisations(candidates)
    results = judge(batch, candidates)
    fresh = [result for result in results if result.outcome == RowOutcome.NEW]
    alone = [result for result in results if result.outcome == RowOutcome.UPDATED]
    try:
        with transaction.atomic():
            _create(batch, fresh)
    except IntegrityError:  # somebody wrote meanwhile: one by one, each as it stands by now
        alone = [*fresh, *alone]
    for result in alone:
        _take_alone(batch, result)
    for result in results:
        if result.outcome == RowOutcome.ERROR and result.missing:
            _claim(batch, result)
    return results


def _known(candidates: Sequence[Candidate]) -> Known:
    values = {value for candidate in candidates for _, value, _ in candidate.addresses}
    rows = Identity.objects.filter(value__in=values).select_related("customer__merged_into")
    return {(row.kind, row.value): row for row in rows}


def _organisations(candidates: Sequence[Candidate]) -> dict[str, Organisation]:
    names = {candidate.organisation for candidate in candidates if candidate.organisation}
    return {row.name: row for row in Organisation.objects.filter(name__in=names)} if names else {}


def _make_organisations(candidates: Sequence[Candidate]) -> None:
    names = sorted({one.organisation for one in candidates if one.organisation and not one.mistake})
    Organisation.objects.bulk_create([Organisation(name=name) for name in names], ignore_conflicts=True)


def _judge(batch: CustomerImport, candidate: Candidate, known: Known, organisations: dict[str, Organisation]) -> Result:
    if candidate.mistake:
        return Result(candidate, RowOutcome.ERROR, candidate.mistake)
    held = {(str(kind), value): known.get((str(kind), value)) for kind, value, _ in candidate.addresses}
    people = {row.customer.root_id: row.customer.root for row in held.values() if row}
    missing = [(str(kind), value, shown) for kind, value, shown in candidate.addresses if not held[str(kind), value]]
    if len(people) > 1:
        names = " and ".join(person.name or "somebody unnamed" for person in people.values())
        reason = f"Its addresses are different customers': {names}."
        theirs = [(row.kind, row.value, row.shown) for row in held.values() if row]
        return Result(candidate, RowOutcome.ERROR, reason[:400], missing=theirs)
    if not people:
        return Result(candidate, RowOutcome.NEW, missing=missing)
    (customer,) = people.values()
    changes = _changes(batch, candidate, customer, organisations)
    verifies = batch.verified and any(row and row.verified_at is None for row in held.values())
    outcome = RowOutcome.UPDATED if changes or missing or verifies else RowOutcome.SAME
    return Result(candidate, outcome, _words(changes, missing), customer, changes, missing)


def _changes(
    batch: CustomerImport, candidate: Candidate, customer: Customer, organisations: dict[str, Organisation]
) -> dict[str, object]:
    """Fields that the record lacks; with `overwrite` also those that say something else."""
    changes: dict[str, object] = {}
    for name, value in candidate.fields.items():
        there = getattr(customer, name)
        unsure = name == "name" and customer.name_source == NameSource.UNKNOWN
        if there != value and (not there or unsure or batch.overwrite):
            changes[name] = value
    if candidate.organisation and (customer.organisation_id is None or batch.overwrite):
        there = customer.organisation.name if customer.organisation else ""
        if there != candidate.organisation:
            changes["organisation"] = organisations.get(candidate.organisation) or candidate.organisation
    return changes


def _words(changes: dict[str, object], missing: Sequence[tuple[str, str, str]]) -> str:
    parts = [name.replace("_", " ") for name in changes] + [shown for _, _, shown in missing]
    return f"Adds {', '.join(parts)}"[:400] if parts else ""


def _create(batch: CustomerImport, fresh: Sequence[Result]) -> None:
    organisations = _organisations([result.candidate for result in fresh])
    for result in fresh:
        fields = result.candidate.fields
        person = person_name(fields.get("name", ""))
        given = fields.get("given_name") or (person.given if person else "")
        result.customer = Customer(
            **{**fields, "given_name": given},
            name_source=NameSource.IMPORTED if fields.get("name") else NameSource.UNKNOWN,
            organisation=organisations.get(result.candidate.organisation),
        )
    # The addresses first: the search key of each customer is then made once, with all of them.
    Identity.objects.bulk_create([row for result in fresh for row in _identities(batch, result)])
    Customer.objects.bulk_create([result.customer for result in fresh if result.customer])
    for result in fresh:
        if result.customer:
            bus.publish(CustomerCreated(customer=result.customer.pk))


def _identities(batch: CustomerImport, result: Result) -> list[Identity]:
    verified = {"verified_at": clock.now(), "verified_by": _source(batch)[:120]} if batch.verified else {}
    return [
        Identity(customer=result.customer, kind=kind, value=value, shown=shown, **verified)
        for kind, value, shown in result.missing
    ]


def _take_alone(batch: CustomerImport, result: Result) -> None:
    """Takes one row as everything stands now, in a transaction of its own."""
    try:
        with transaction.atomic():
            (now,) = judge(batch, [result.candidate])
            result.outcome, result.reason = now.outcome, now.reason
            result.customer, result.changes, result.missing = now.customer, now.changes, now.missing
            if now.outcome == RowOutcome.NEW:
                _create(batch, [result])
            elif now.outcome == RowOutcome.UPDATED and now.customer is not None:
                _update(batch, result, now.customer)
    except IntegrityError:
        result.outcome, result.reason, result.customer = (
            RowOutcome.ERROR,
            "Somebody else took the address just now.",
            None,
        )


def _update(batch: CustomerImport, result: Result, customer: Customer) -> None:
    locked = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    if result.changes:
        for name, value in result.changes.items():
            setattr(locked, name, value)
        if "name" in result.changes:
            locked.name_source = NameSource.IMPORTED
            if "given_name" not in result.changes:
                person = person_name(locked.name)
                locked.given_name = person.given if person else ""
        locked.save(update_fields=[*{*result.changes, "name_source", "given_name"}])
    Identity.objects.bulk_create(_identities(batch, result))
    if batch.verified:
        for kind, value, _ in result.candidate.addresses:
            Identity.objects.filter(kind=kind, value=value, verified_at=None).update(
                verified_at=clock.now(), verified_by=_source(batch)[:120]
            )
    bus.publish(CustomerChanged(customer=locked.pk))


def _claim(batch: CustomerImport, result: Result) -> None:
    """A row whose addresses are two people's says that they are one; whether that is so, a person decides."""
    rows = [
        Identity.objects.select_related("customer").get(kind=kind, value=value) for kind, value, _ in result.missing
    ]
    first = rows[0].customer
    for row in rows[1:]:
        if row.customer.root_id != first.root_id:
            source = f"{_source(batch)}, row {result.candidate.number}"
            claim(first.pk, row, source=source, verified=batch.verified, agent=batch.agent_id)


def _source(batch: CustomerImport) -> str:
    return f"Import of {batch.filename[:80]}"
