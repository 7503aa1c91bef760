// The header Stripe-Signature: t=1492774577,v1=5257a869...,v0=6ffbb59b...
#pragma once

#include "core/rfc3339.hpp"
#include "webhook/hmac.hpp"

#include <stripe_return/core/result.hpp>
#include <stripe_return/core/time.hpp>

#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

struct signature_header {
  unix_seconds time = 0;       // from 0 to latest_time
  std::vector<mac> signatures; // of the scheme v1; one that is no MAC is left out
};

// Blanks around the header and its commas say nothing, and the same header twice, joined by a
// comma, is one. Errors: not_signed, malformed_signature.
result<signature_header> parse_signature_header(std::string_view header);

} // namespace v0
} // namespace stripe_return
