"""Forms for administrators of brands."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from brands.models import Brand
from foundation import storage

LOGO_BYTES = 512 * 1024
PICTURES = {"image/png", "image/jpeg", "image/webp", "image/gif"}


class BrandForm(forms.ModelForm):  # type: ignore[type-arg]
    """A brand with its logo as a file; what the file is decides its bytes, not its name."""

    website = forms.URLField(required=False, assume_scheme="https")
    logo = forms.FileField(required=False, help_text="PNG, JPEG, WebP or GIF, up to 512 KB")

    class Meta:
        model = Brand
        fields = ["name", "colour", "language", "website", "greeting", "sign_off", "signature"]

    def clean_logo(self) -> str | None:
        """The key of the stored picture; None where none was chosen."""
        file: UploadedFile | None = self.cleaned_data["logo"]
        if file is None:
            return None
        try:
            stored = storage.store(file.file, limit=LOGO_BYTES)
        except storage.TooLarge as error:
            raise forms.ValidationError("The logo is larger than 512 KB.") from error
        if stored.content_type not in PICTURES:
            storage.delete(stored.key)
            raise forms.ValidationError("This is not a PNG, JPEG, WebP or GIF picture.")
        return stored.key

    def save(self, commit: bool = True) -> Any:
        if self.cleaned_data["logo"]:
            self.instance.logo_key = self.cleaned_data["logo"]
        return super().save(commit)
