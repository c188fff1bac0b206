"""The base of all settings: frozen, typed, unknown keys refused."""

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """A section of the config; each field's description is its line in the template."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
