#include "client/curl_transfer.hpp"

#include "client/curl_features.hpp"
#include "client/curl_global.hpp"
#include "core/ascii.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

// Sets options until one fails.
class option_setter {
public:
  explicit option_setter(CURL* easy) : easy_(easy) {}

  template <class Value> void operator()(CURLoption option, Value value) {
    set_ = curl_easy_setopt(easy_, option, value) == CURLE_OK && set_;
  }
  bool all_set() const noexcept { return set_; }

private:
  CURL* easy_;
  bool set_ = true;
};

// Of an answer's body, before it has come: longer ones are rare, and may be a lie.
constexpr curl_off_t most_reserved = 64 * 1024;

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view blank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::string user_agent() {
  return std::string("stripe_return/" STRIPE_RETURN_VERSION " libcurl/") +
         curl_version_info(CURLVERSION_NOW)->version;
}

} // namespace

curl_slist* header_list::set(const http_request& request) {
  std::size_t size = request.authorization.reveal().size() + 64;
  for (const http_header& each : request.headers)
    size += each.name.size() + each.value.size() + 3;
  std::string text;
  text.reserve(size); // where it grew, nobody would wipe what it had before
  std::size_t lines = 0;
  // A NUL ends a line, so that nothing behind it can be one of its own.
  const auto add = [&](std::string_view name, std::string_view separator, std::string_view value) {
    text.append(name).append(separator).append(value.substr(0, value.find('\0'))).append(1, '\0');
    ++lines;
  };
  if (!request.authorization.empty()) add("Authorization", ": ", request.authorization.reveal());
  for (const http_header& each : request.headers)
    add(each.name, ": ", each.value);
  // libcurl would ask for leave to send a long form, and wait a second for it. Without a value, it
  // leaves the header out.
  if (request.form) add("Expect", ":", {});
  text_ = std::move(text);
  nodes_.resize(lines);
  char* at = const_cast<char*>(text_.reveal().data()); // libcurl only reads it
  for (curl_slist& each : nodes_) {
    each.data = at;
    each.next = --lines == 0 ? nullptr : &each + 1;
    at += std::strlen(at) + 1;
  }
  return nodes_.empty() ? nullptr : nodes_.data();
}

transfer_settings::transfer_settings(curl_transport_options options)
    : options_(std::move(options)), openssl_(libcurl_uses_openssl()),
      ca_file_(options_.ca_file.empty() ? system_ca_file() : options_.ca_file),
      user_agent_(user_agent()) {
  initialize_libcurl();
  tls_sessions_.reset(curl_share_init());
  curl_share_setopt(tls_sessions_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}

// With what is the same for every request. Whatever libcurl would else take from the environment,
// or from a default of its build, is set here.
easy_handle transfer_settings::make_easy(curl_transfer& of) const {
  easy_handle easy(curl_easy_init());
  if (!easy) return easy;
  option_setter option(easy.get());
  option(CURLOPT_NOSIGNAL, 1L);
#if STRIPE_RETURN_HAS_CURLOPT_QUICK_EXIT
  option(CURLOPT_QUICK_EXIT, 1L); // else a stalled resolver holds the thread past the timeout
#endif
  option(CURLOPT_FOLLOWLOCATION, 0L);
#if STRIPE_RETURN_HAS_CURLOPT_PROTOCOLS_STR
  option(CURLOPT_PROTOCOLS_STR, "https,http");
#else
  option(CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTPS | CURLPROTO_HTTP));
#endif
  option(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  option(CURLOPT_ACCEPT_ENCODING, "gzip");
  option(CURLOPT_PROXY, options_.proxy.c_str());
  option(CURLOPT_NOPROXY, "");
  option(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L); // a proxy's words are not Stripe's
  option(CURLOPT_SSL_VERIFYPEER, 1L);
  option(CURLOPT_SSL_VERIFYHOST, 2L);
  option(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  // libcurl keeps a parsed CA store only where it has a file and no path: see the record.
  if (!ca_file_.empty()) {
    option(CURLOPT_CAINFO, ca_file_.c_str());
    option(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  if (openssl_) option(CURLOPT_SSL_CTX_FUNCTION, &curl_transfer::on_tls_context);
  option(CURLOPT_SHARE, tls_sessions_.get());
  option(CURLOPT_USERAGENT, user_agent_.c_str());
  option(CURLOPT_WRITEFUNCTION, &curl_transfer::on_body);
  option(CURLOPT_WRITEDATA, &of);
  option(CURLOPT_HEADERFUNCTION, &curl_transfer::on_header);
  option(CURLOPT_HEADERDATA, &of);
  option(CURLOPT_PRIVATE, &of);
  if (!option.all_set()) easy.reset();
  return easy;
}

bool curl_transfer::prepare(const http_request& request, const transfer_settings& settings) {
  const curl_transport_options& options = settings.options();
  easy_ = settings.make_easy(*this);
  if (!easy_) return false;
  response_.headers.reserve(std::size(response_headers));
  max_response_bytes_ = options.max_response_bytes;
  tunneled_ = !options.proxy.empty() && settings.openssl() && starts_with(request.url, "https:");
  option_setter option(easy_.get());
  if (request.form) {
    option(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.form->size()));
    option(CURLOPT_COPYPOSTFIELDS, request.form->data()); // as many bytes; it makes this a POST
  }
  option(CURLOPT_URL, request.url.c_str());
  option(CURLOPT_HTTPHEADER, headers_.set(request));
  option(CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  option(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
  return option.all_set();
}

curl_transfer* curl_transfer::of(CURL* easy) noexcept {
  curl_transfer* self = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
  return self;
}

result<http_response> curl_transfer::finish(CURLcode code) {
  if (too_large_) return transport_error(CURLE_FILESIZE_EXCEEDED, {});
  if (code != CURLE_OK) return transport_error(code, progress());
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  return std::move(response_);
}

transfer_progress curl_transfer::progress() const noexcept {
  transfer_progress progress = progress_of(easy(), tls_begun_);
  // Whether the proxy itself was reached, libcurl 8 does not say.
  progress.proxy_silent = tunneled_ && !tls_begun_ && !progress.tls_done;
  return progress;
}

CURLcode curl_transfer::on_tls_context(CURL* easy, void* ssl_ctx, void*) noexcept {
  disable_key_log(ssl_ctx);
  of(easy)->tls_begun_ = true;
  return CURLE_OK;
}

std::size_t curl_transfer::on_body(char* data, std::size_t, std::size_t size, void* user) noexcept {
  auto& self = *static_cast<curl_transfer*>(user);
  if (!self.has_room_for(size)) return 0;
  try {
    std::string& body = self.response_.body;
    if (body.empty()) body.reserve(self.expected_bytes());
    body.append(data, size);
  } catch (const std::bad_alloc&) {
    return 0;
  }
  return size;
}

std::size_t curl_transfer::on_header(char* data, std::size_t, std::size_t size,
                                     void* user) noexcept {
  auto& self = *static_cast<curl_transfer*>(user);
  if (!self.has_room_for(size)) return 0;
  // A trailer could set what only a header may:
  // https://www.rfc-editor.org/rfc/rfc9110#section-6.5.1
  if (self.headers_ended_) return size;
  const std::string_view line(data, size);
  try {
    if (line.substr(0, 5) == "HTTP/") {
      self.response_.headers.clear(); // of an interim answer
      return size;
    }
    // For libcurl the headers end here, whatever else stands in the line.
    if (starts_with(line, "\r") || starts_with(line, "\n")) {
      long status = 0;
      curl_easy_getinfo(self.easy_.get(), CURLINFO_RESPONSE_CODE, &status);
      self.headers_ended_ = status >= 200;
    }
    for (const std::string_view name : response_headers) {
      if (line.size() > name.size() && line[name.size()] == ':' &&
          curl_strnequal(data, name.data(), name.size()) != 0) {
        self.response_.headers.push_back(
            {std::string(name), std::string(trimmed(line.substr(name.size() + 1)))});
      }
    }
  } catch (const std::bad_alloc&) {
    return 0;
  }
  return size;
}

// 0 where the answer does not say.
std::size_t curl_transfer::expected_bytes() const noexcept {
  curl_off_t length = 0;
  curl_easy_getinfo(easy(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  return static_cast<std::size_t>(std::clamp<curl_off_t>(length, 0, most_reserved));
}

// Of all that an answer brings, interim answers and trailers included.
bool curl_transfer::has_room_for(std::size_t bytes) noexcept {
  too_large_ = bytes > max_response_bytes_ - received_;
  if (!too_large_) received_ += bytes;
  return !too_large_;
}

} // namespace v0
} // namespace stripe_return
