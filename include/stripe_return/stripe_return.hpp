/// @file
/// Includes the core and the client.
#pragma once

// IWYU pragma: begin_exports
#include <stripe_return/client/curl_transport.hpp>
#include <stripe_return/client/return_handler.hpp>
#include <stripe_return/core/return_query.hpp>
// IWYU pragma: end_exports
