// async_session_client::retrieve() for a callback during which the client itself may be destroyed.
#pragma once

#include "client/request_core.hpp"

#include <stripe_return/client/async_session_client.hpp>

namespace stripe_return {
inline namespace v0 {

// Gives the number of the call.
std::uint64_t begin_retrieve(const std::shared_ptr<request_core>& core,
                             const result<session_id>& id, const retrieve_options& options,
                             completion<observation> done);

} // namespace v0
} // namespace stripe_return
