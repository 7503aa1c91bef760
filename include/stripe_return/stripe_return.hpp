/// @file
/// The core and the client, for those who want one include.
#pragma once

#include <stripe_return/client/curl_transport.hpp>
#include <stripe_return/client/return_handler.hpp>
