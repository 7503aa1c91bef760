// HTTP/1.1 on one connection.
#pragma once

#include "channel.hpp"
#include "http_message.hpp"

#include <functional>

namespace loopback {

using answerer = std::function<response(request)>;

/// Answers requests until the connection ends. Request bodies need a Content-Length.
void serve_http_1(channel& client, const answerer& answer);

} // namespace loopback
