// The time of a `Date` header.
#pragma once

#include <stripe_return/core/time.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

// Of any form that HTTP knows (https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats).
std::optional<unix_seconds> parse_http_date(std::string_view text);

// Of the one that servers send, "Sun, 06 Nov 1994 08:49:37 GMT", alone: libcurl takes a third of
// what its own part of a fetch takes to read one.
std::optional<unix_seconds> parse_fixdate(std::string_view text) noexcept;

} // namespace v0
} // namespace stripe_return
