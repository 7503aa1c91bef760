/// @file
/// The core and the client, for those who want one include.
#pragma once

// IWYU pragma: begin_exports
#include <stripe_return/client/curl_transport.hpp>
#include <stripe_return/client/return_handler.hpp>
#include <stripe_return/core/return_query.hpp>
// IWYU pragma: end_exports
