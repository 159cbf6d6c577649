"""Names of the starter types, for who reads another language than the one they are kept in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from django.utils.translation import pgettext_lazy

STARTER: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "LAP-P": pgettext_lazy("device type", "Portable laparoscope"),
        "LAP-HD": pgettext_lazy("device type", "HD laparoscope"),
        "LAP-3D": pgettext_lazy("device type", "3D laparoscope"),
        "THOR": pgettext_lazy("device type", "Thoracoscope"),
        "US-SCALPEL": pgettext_lazy("device type", "Ultrasonic scalpel"),
        "ENERGY": pgettext_lazy("device type", "High-frequency electrosurgical platform"),
        "IRRIG": pgettext_lazy("device type", "Irrigation and suction pump"),
        "HYST": pgettext_lazy("device type", "Hysteroscope"),
        "CYST": pgettext_lazy("device type", "Cystoscope"),
        "URET": pgettext_lazy("device type", "Ureteroscope"),
        "NEPH": pgettext_lazy("device type", "Percutaneous nephroscope"),
        "HO-LASER": pgettext_lazy("device type", "Holmium laser lithotripter"),
        "BALLISTIC": pgettext_lazy("device type", "Pneumatic lithotripter"),
        "ESWL": pgettext_lazy("device type", "Extracorporeal shock wave lithotripter"),
        "ARTH": pgettext_lazy("device type", "Arthroscope"),
        "GASTRO": pgettext_lazy("device type", "Video gastroscope"),
        "COLON": pgettext_lazy("device type", "Video colonoscope"),
        "DUODENO": pgettext_lazy("device type", "Video duodenoscope"),
        "BRONCH": pgettext_lazy("device type", "Video bronchoscope"),
        "NASAL": pgettext_lazy("device type", "Nasal endoscope"),
        "PHACO": pgettext_lazy("device type", "Phacoemulsification system"),
        "DR": pgettext_lazy("device type", "Digital radiography system (DR)"),
        "C-ARM": pgettext_lazy("device type", "Mobile C-arm X-ray machine"),
        "CT": pgettext_lazy("device type", "Computed tomography scanner (CT)"),
        "MRI": pgettext_lazy("device type", "Magnetic resonance imaging system"),
        "DSA": pgettext_lazy("device type", "Angiography X-ray system (DSA)"),
        "US": pgettext_lazy("device type", "Colour Doppler ultrasound scanner"),
        "US-P": pgettext_lazy("device type", "Portable ultrasound scanner"),
        "ECG": pgettext_lazy("device type", "Electrocardiograph"),
        "MONITOR": pgettext_lazy("device type", "Multi-parameter monitor"),
        "ANAES": pgettext_lazy("device type", "Anaesthesia machine"),
        "ROBOT": pgettext_lazy("device type", "Endoscopic surgical robot"),
        "OR": pgettext_lazy("device type", "Operating theatre"),
        "ENDO-ROOM": pgettext_lazy("device type", "Endoscopy room"),
        "SIM": pgettext_lazy("device type", "Simulation training room"),
        "VEHICLE": pgettext_lazy("device type", "Mobile clinic vehicle"),
    }
)
