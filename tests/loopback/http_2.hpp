// HTTP/2 on one connection.
#pragma once

#include "http_1.hpp"

namespace loopback {

/// Answers requests until the connection ends, one after the other, on as many streams as the
/// client opens.
void serve_http_2(channel& client, const answerer& answer);

} // namespace loopback
