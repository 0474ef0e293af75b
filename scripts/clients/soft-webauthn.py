"""A security key of the package soft-webauthn, asked once: create or get, the origin, the options as
JSON, and the device as it was said the last time. Says the answer as browsers do, and the device.
"""

import json
import sys
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives import serialization
from soft_webauthn import SoftWebauthnDevice

ceremony, origin, options, known = sys.argv[1:]


def decoded(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encoded(value):
    if isinstance(value, bytes):
        return urlsafe_b64encode(value).decode().rstrip("=")
    return value


device = SoftWebauthnDevice()
if known:
    kept = json.loads(b64decode(known))
    device.credential_id = decoded(kept["credential_id"])
    device.user_handle = decoded(kept["user_handle"])
    device.rp_id = kept["rp_id"]
    device.sign_count = kept["sign_count"]
    device.private_key = serialization.load_der_private_key(decoded(kept["key"]), None)

asked = json.loads(options)
asked["challenge"] = decoded(asked["challenge"])
if "user" in asked:
    asked["user"]["id"] = decoded(asked["user"]["id"])
made = getattr(device, ceremony)({"publicKey": asked}, origin)

key = device.private_key.private_bytes(
    serialization.Encoding.DER,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
)
keep = {
    "credential_id": encoded(device.credential_id),
    "user_handle": encoded(device.user_handle),
    "rp_id": device.rp_id,
    "sign_count": device.sign_count,
    "key": encoded(key),
}
response = {
    "id": encoded(made["rawId"]),
    "rawId": encoded(made["rawId"]),
    "type": made["type"],
    "response": {name: encoded(value) for name, value in made["response"].items()},
    "clientExtensionResults": {},
}
print(json.dumps({"response": response, "device": b64encode(json.dumps(keep).encode()).decode()}))
