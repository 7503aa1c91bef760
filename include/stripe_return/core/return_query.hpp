/// @file
/// Parses the query with which Stripe sends the customer's browser back.
#pragma once

#include <stripe_return/core/result.hpp>
#include <stripe_return/core/session_id.hpp>
#include <stripe_return/export.hpp>

#include <string_view>

namespace stripe_return {
inline namespace v0 {

/// Parses the session id out of the query of a return. It reads nothing else: the rest of the query
/// proves nothing about the payment, because the customer can change it.
///
/// `query` is what the browser sent, still percent-encoded: a query with or without its "?", a path
/// with a query, or a whole URL. It is decoded once. If the web server provides decoded parameters,
/// call session_id::parse() instead.
///
/// `parameter` is the name of the parameter in the application's `success_url` or `return_url`.
///
/// Errors: missing_session_id, repeated_session_id, array_session_id, and those of
/// session_id::parse().
STRIPE_RETURN_EXPORT result<session_id>
parse_return_query(std::string_view query, std::string_view parameter = "session_id");

} // namespace v0
} // namespace stripe_return
