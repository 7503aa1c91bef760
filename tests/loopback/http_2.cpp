#include "http_2.hpp"

#include "die.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>

namespace loopback {
namespace {

struct stream {
  request asked;
  std::string body; // what is sent of the reply's
  std::size_t sent = 0;
  bool stalls = false; // where the body ends, instead of ending
};

class http_2_connection {
public:
  http_2_connection(channel& client, const answerer& answer) : client_(client), answer_(answer) {
    nghttp2_session_callbacks* callbacks = nullptr;
    if (nghttp2_session_callbacks_new(&callbacks) != 0) die("no memory for HTTP/2");
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, &on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, &on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, &on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, &on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, &on_stream_close);
    const int made = nghttp2_session_server_new(&session_, callbacks, this);
    nghttp2_session_callbacks_del(callbacks);
    // As many streams as a client may ask for at once by default.
    const nghttp2_settings_entry streams = {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 1000};
    if (made != 0 || nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, &streams, 1) != 0) {
      die("cannot start HTTP/2");
    }
  }
  ~http_2_connection() { nghttp2_session_del(session_); }
  http_2_connection(const http_2_connection&) = delete;
  http_2_connection& operator=(const http_2_connection&) = delete;

  void serve() {
    std::array<char, 16384> buffer;
    while (send_all() && !over_) {
      const std::size_t got = client_.read(buffer.data(), static_cast<int>(buffer.size()));
      const auto* bytes = reinterpret_cast<const std::uint8_t*>(buffer.data());
      if (got == 0 || nghttp2_session_mem_recv(session_, bytes, got) < 0) return;
    }
  }

private:
  static http_2_connection& of(void* user) { return *static_cast<http_2_connection*>(user); }

  static int on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    of(user).streams_[frame->hd.stream_id].asked.version = "HTTP/2";
    return 0;
  }
  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                       std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                       std::uint8_t, void* user) {
    request& asked = of(user).streams_[frame->hd.stream_id].asked;
    const std::string key(reinterpret_cast<const char*>(name), name_size);
    const std::string text(reinterpret_cast<const char*>(value), value_size);
    if (key == ":method") {
      asked.method = text;
    } else if (key == ":path") {
      asked.target = text;
    } else {
      asked.headers.emplace_back(key, text);
    }
    return 0;
  }
  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* data,
                     std::size_t size, void* user) {
    of(user).streams_[id].asked.body.append(reinterpret_cast<const char*>(data), size);
    return 0;
  }
  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    const bool request_frame = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
    if (request_frame && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
      of(user).respond(frame->hd.stream_id);
    }
    return 0;
  }
  static int on_stream_close(nghttp2_session*, std::int32_t id, std::uint32_t, void* user) {
    of(user).streams_.erase(id);
    return 0;
  }
  static ssize_t on_read(nghttp2_session*, std::int32_t, std::uint8_t* buffer, std::size_t size,
                         std::uint32_t* flags, nghttp2_data_source* source, void*) {
    stream& from = *static_cast<stream*>(source->ptr);
    const std::size_t count = std::min(size, from.body.size() - from.sent);
    std::memcpy(buffer, from.body.data() + from.sent, count);
    from.sent += count;
    if (from.sent < from.body.size()) return static_cast<ssize_t>(count);
    if (!from.stalls) {
      *flags |= NGHTTP2_DATA_FLAG_EOF;
    } else if (count == 0) {
      return NGHTTP2_ERR_DEFERRED;
    }
    return static_cast<ssize_t>(count);
  }

  void respond(std::int32_t id) {
    stream& to = streams_[id];
    const reply answer = answer_(to.asked);
    to.body = answer.body;
    to.stalls = leaves_body_unfinished(answer.fault);
    switch (answer.fault) {
    case fault::none: break;
    case fault::stall_before_reply: return;
    case fault::stall_after_headers: to.body.clear(); break;
    case fault::stall_in_body: to.body.resize(to.body.size() / 2); break;
    case fault::cut_in_body:
      to.body.resize(to.body.size() / 2);
      over_ = true;
      break;
    case fault::reset_before_reply:
      client_.reset();
      over_ = true;
      return;
    case fault::close_before_reply:
      client_.close_orderly();
      over_ = true;
      return;
    case fault::half_close_before_reply:
      client_.close_sending();
      client_.hold_until_closed();
      over_ = true;
      return;
    case fault::reset_stream:
      nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_INTERNAL_ERROR);
      return;
    case fault::goaway_before_reply:
      nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, id - 2, NGHTTP2_NO_ERROR, nullptr, 0);
      return;
    case fault::close_after_reply:
      nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_NO_ERROR, nullptr, 0);
      over_ = true;
      break;
    }
    submit(id, to, answer);
  }

  void submit(std::int32_t id, stream& to, const reply& answer) {
    header_list headers = {{":status", std::to_string(answer.status)}};
    for (const auto& [name, value] : answer.headers)
      headers.emplace_back(to_lower(name), value);
    if (find_header(headers, "content-length") == nullptr) {
      headers.emplace_back("content-length", std::to_string(answer.body.size()));
    }
    std::vector<nghttp2_nv> fields;
    for (auto& [name, value] : headers) {
      fields.push_back({reinterpret_cast<std::uint8_t*>(name.data()),
                        reinterpret_cast<std::uint8_t*>(value.data()), name.size(), value.size(),
                        NGHTTP2_NV_FLAG_NONE});
    }
    nghttp2_data_provider body = {};
    body.source.ptr = &to;
    body.read_callback = &on_read;
    if (nghttp2_submit_response(session_, id, fields.data(), fields.size(), &body) != 0) {
      die("cannot answer by HTTP/2");
    }
  }

  bool send_all() {
    for (;;) {
      const std::uint8_t* data = nullptr;
      const ssize_t size = nghttp2_session_mem_send(session_, &data);
      if (size < 0) return false;
      if (size == 0) break;
      const auto* text = reinterpret_cast<const char*>(data);
      if (!client_.write({text, static_cast<std::size_t>(size)})) return false;
    }
    const bool ended = nghttp2_session_want_read(session_) == 0;
    if (ended) client_.close_orderly();
    return !ended;
  }

  channel& client_;
  const answerer& answer_;
  nghttp2_session* session_ = nullptr;
  std::map<std::int32_t, stream> streams_; // a stream stays where it is: nghttp2 points to it
  bool over_ = false;
};

} // namespace

void serve_http_2(channel& client, const answerer& answer) {
  http_2_connection(client, answer).serve();
}

} // namespace loopback
