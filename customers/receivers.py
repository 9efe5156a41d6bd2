from customers.domain.importing.run import advance
from customers.events import ImportAdvanced
from foundation.bus import after


@after(ImportAdvanced, queue="bulk")
def work_off_import(event: ImportAdvanced) -> None:
    advance(event.customer_import)
