"""The doctor's questions (体检): one small module each; they note, and change no figure."""

from pipeline.stages.examine.handed import Delivery, Handed
from pipeline.stages.examine.questions import examine

__all__ = ["Delivery", "Handed", "examine"]
