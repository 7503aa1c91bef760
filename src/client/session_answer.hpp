// What is to be true of an answer, whoever sent it.
#pragma once

#include "client/api_call.hpp"

#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/event.hpp>
#include <stripe_return/core/time.hpp>

#include <optional>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

// The session that an answer of status 200 holds. `id` is that of the session asked for, or empty
// where it is not known before; `local_time` stands in for a Date header that is not there.
api_answer read_session(const http_response& answer, const authorized_call& call,
                        std::string_view id, unix_seconds local_time);

// Stripe names the account in the answer where the request did. Error: account_mismatch.
std::optional<error> check_answered_account(const http_response& answer,
                                            const authorized_call& call);

// The same of pages, whose sessions then say which account they are of.
std::optional<error> accept(session_page& page, const authorized_call& call);
std::optional<error> accept(event_page& page, const authorized_call& call);

} // namespace v0
} // namespace stripe_return
