// The owner's endpoint: GET /stripe_return?session_id=cs_...
#pragma once

#include <stripe_return/stripe_return.hpp>

#include <functional>
#include <optional>

namespace httplib {
class Server;
struct Request;
} // namespace httplib

// The shop's own: the order that this browser is known to come back for, as by a cookie. Nothing
// for a browser that the shop does not know, which is no rarity: Alipay and WeChat Pay return in
// another browser than the one the customer left from.
using find_order =
    std::function<std::optional<stripe_return::expected_order>(const httplib::Request&)>;

// `on_return` must live longer than the server.
void add_return_endpoint(httplib::Server& server, const stripe_return::return_handler& on_return,
                         find_order order_of);
