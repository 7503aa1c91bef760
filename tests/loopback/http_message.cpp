#include "http_message.hpp"

#include "die.hpp"

#include <algorithm>
#include <cctype>

#include <zlib.h>

namespace loopback {
namespace {

std::string gzip_compressed(std::string text) {
  constexpr int gzip_format = 16;
  z_stream stream = {};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + gzip_format, 8,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    die("cannot start zlib");
  }
  std::string compressed(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
  stream.avail_out = static_cast<uInt>(compressed.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) {
    die("cannot compress");
  }
  compressed.resize(stream.total_out);
  deflateEnd(&stream);
  return compressed;
}

} // namespace

std::string request::header(std::string_view name) const {
  const std::string* value = find_header(headers, to_lower(name));
  return value ? *value : std::string();
}

const std::string* find_header(const header_list& headers, std::string_view lower_name) {
  for (const auto& [name, value] : headers) {
    if (to_lower(name) == lower_name) {
      return &value;
    }
  }
  return nullptr;
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

bool leaves_body_unfinished(fault what) {
  return what == fault::stall_after_headers || what == fault::stall_in_body ||
         what == fault::cut_in_body;
}

response encoded(response answer) {
  if (answer.gzip) {
    answer.body = gzip_compressed(std::move(answer.body));
    answer.headers.emplace_back("Content-Encoding", "gzip");
  }
  return answer;
}

} // namespace loopback
