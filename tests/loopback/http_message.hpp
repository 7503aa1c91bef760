// What goes between a client and a server.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace loopback {

using header_list = std::vector<std::pair<std::string, std::string>>;

struct request {
  std::string method;
  std::string target;  ///< Path and query, as sent.
  std::string version; ///< "HTTP/1.1", as sent.
  header_list headers; ///< Names in lower case.
  std::string body;
  int connection = 0; ///< Which connection of the server, from 1.
  int number = 0;     ///< Which request of the server, over all connections, from 1.

  /// The first header of that name (in any case), or an empty string.
  std::string header(std::string_view name) const;
};

/// What goes wrong with a response. A stall holds the connection until the client closes it or the
/// server is destroyed.
enum class fault {
  none,
  stall_before_response,
  stall_after_headers,
  stall_in_body,
  cut_in_body,           ///< Half of the announced body, then a TCP close without TLS close_notify.
  reset_before_response, ///< A TCP RST.
  close_before_response, ///< An orderly close.
  half_close_before_response, ///< An orderly end of what is sent; the client may send on.
  close_after_response,       ///< A whole response that promises keep-alive, then an orderly close.
};

/// Content-Length is added unless `headers` has it or Transfer-Encoding; in the latter case `body`
/// is sent as it is.
struct response {
  int status = 200;
  header_list headers = {};
  std::string body = {};
  loopback::fault fault = loopback::fault::none;
  bool gzip = false;       ///< Compress the body and say so in Content-Encoding.
  std::string before = {}; ///< Sent as it is before all else, such as an interim answer.
};

std::string to_lower(std::string_view text);
const std::string* find_header(const header_list& headers, std::string_view lower_name);
/// Whether the body is there in part, or not at all.
bool leaves_body_unfinished(fault what);
/// The response with its body compressed, if it asks for that.
response encoded(response answer);

} // namespace loopback
