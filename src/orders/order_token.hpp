// The order number that a customer carries from one browser to another, signed.
#pragma once

#include <stripe_return/core/secret.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

inline constexpr std::string_view order_token_parameter = "order_token";

// Nothing where there is no key, or OpenSSL fails.
std::optional<std::string> make_order_token(const secret& key, std::string_view out_trade_no);

// The order number. Nothing where the token is not genuine.
std::optional<std::string> read_order_token(const secret& key, std::string_view token);

// The URL with one more parameter, in front of its fragment.
std::string with_parameter(std::string_view url, std::string_view name, std::string_view value);

} // namespace v0
} // namespace stripe_return
