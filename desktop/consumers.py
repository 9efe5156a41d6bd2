"""The desktop's websocket: signals only; every screen fetches what changed through its own doors."""

from channels.db import database_sync_to_async

from agents.domain.silence import hear
from foundation.sockets import SignalSocket


class DesktopSocket(SignalSocket):
    """One per browser tab of a signed-in agent, which it keeps from being set away as silent."""

    async def there(self) -> None:
        await database_sync_to_async(hear)(self.scope["user"].pk)
