from simulator.models.demo_mail import DemoMail
from simulator.models.world import Part, World

__all__ = ["DemoMail", "Part", "World"]
