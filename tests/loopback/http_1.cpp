#include "http_1.hpp"

#include "die.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

namespace loopback {
namespace {

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  const std::size_t last = text.find_last_not_of(" \t");
  return first == text.npos ? std::string_view() : text.substr(first, last - first + 1);
}

/// Cuts `text` at the first `end` and returns what is before it.
std::string_view take_until(std::string_view& text, std::string_view end) {
  const std::size_t size = std::min(text.find(end), text.size());
  const std::string_view taken = text.substr(0, size);
  text.remove_prefix(std::min(size + end.size(), text.size()));
  return taken;
}

request parse_head(std::string_view head) {
  request parsed;
  std::string_view first_line = take_until(head, "\r\n");
  parsed.method = take_until(first_line, " ");
  parsed.target = take_until(first_line, " ");
  parsed.version = first_line;
  while (!head.empty()) {
    std::string_view line = take_until(head, "\r\n");
    const std::string_view name = take_until(line, ":");
    parsed.headers.emplace_back(to_lower(name), trim(line));
  }
  return parsed;
}

std::size_t content_length(const request& head) {
  const std::string text = head.header("content-length");
  std::size_t length = 0;
  std::from_chars(text.data(), text.data() + text.size(), length);
  return length;
}

/// Reads requests from a channel and keeps what is read too far.
class request_reader {
public:
  explicit request_reader(channel& from) : from_(from) {}

  std::optional<request> next() {
    std::size_t head_size = 0;
    while ((head_size = buffer_.find("\r\n\r\n")) == buffer_.npos) {
      if (!read_more()) {
        return std::nullopt;
      }
    }
    request parsed = parse_head(std::string_view(buffer_).substr(0, head_size));
    buffer_.erase(0, head_size + 4);
    const std::size_t body_size = content_length(parsed);
    while (buffer_.size() < body_size) {
      if (!read_more()) {
        return std::nullopt;
      }
    }
    parsed.body = buffer_.substr(0, body_size);
    buffer_.erase(0, body_size);
    return parsed;
  }

private:
  bool read_more() {
    std::array<char, 4096> chunk;
    const std::size_t got = from_.read(chunk.data(), static_cast<int>(chunk.size()));
    buffer_.append(chunk.data(), got);
    return got > 0;
  }

  channel& from_;
  std::string buffer_;
};

std::string head_of(const response& answer) {
  std::string head = answer.before + "HTTP/1.1 " + std::to_string(answer.status) + " \r\n";
  for (const auto& [name, value] : answer.headers) {
    head += name + ": " + value + "\r\n";
  }
  if (!find_header(answer.headers, "content-length") &&
      !find_header(answer.headers, "transfer-encoding")) {
    // An empty body would be complete already, and the fault would show nothing.
    const std::size_t least = leaves_body_unfinished(answer.fault) ? 1 : 0;
    head += "Content-Length: " + std::to_string(std::max(answer.body.size(), least)) + "\r\n";
  }
  return head + "\r\n";
}

bool says_close(const std::string* connection_header) {
  return connection_header && to_lower(*connection_header) == "close";
}

/// Sends what the fault leaves of the response. True when the connection can be used further.
bool send_response(channel& to, const response& answer) {
  const std::string_view body = answer.body;
  const std::string_view half = body.substr(0, body.size() / 2);
  const std::string head = head_of(answer);
  // One write for each part that belongs together, so that no part can get lost by a later close.
  switch (answer.fault) {
  case fault::none: return to.write(head + answer.body);
  case fault::stall_before_response: to.hold_until_closed(); return false;
  case fault::stall_after_headers:
    if (to.write(head)) {
      to.hold_until_closed();
    }
    return false;
  case fault::stall_in_body:
    if (to.write(head + std::string(half))) {
      to.hold_until_closed();
    }
    return false;
  case fault::cut_in_body: to.write(head + std::string(half)); return false;
  case fault::reset_before_response: to.reset(); return false;
  case fault::close_before_response: to.close_orderly(); return false;
  case fault::half_close_before_response:
    to.close_sending();
    to.hold_until_closed();
    return false;
  case fault::close_after_response:
    if (to.write(head + answer.body)) {
      to.close_orderly();
    }
    return false;
  }
  die("there is no such fault");
}

} // namespace

void serve_http_1(channel& client, const answerer& answer) {
  request_reader reader(client);
  while (std::optional<request> asked = reader.next()) {
    const bool last = says_close(find_header(asked->headers, "connection"));
    const response sent = answer(*std::move(asked));
    if (!send_response(client, sent)) {
      return;
    }
    if (last || says_close(find_header(sent.headers, "connection"))) {
      client.close_orderly();
      return;
    }
  }
}

} // namespace loopback
