#include "client/curl_transfer.hpp"

#include "client/curl_features.hpp"
#include "client/curl_global.hpp"

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

// On each transfer, as the handle may have sent the other method before.
void set_method(option_setter& option, const http_request& request) {
  if (!request.form) {
    option(CURLOPT_HTTPGET, 1L);
    return;
  }
  option(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.form->size()));
  option(CURLOPT_COPYPOSTFIELDS, request.form->data()); // as many bytes; it makes this a POST
}

} // namespace

void header_list::add(std::string_view name, const std::string& value) {
  std::string line;
  line.reserve(name.size() + 2 + value.size());
  line.append(name).append(": ").append(value);
  lines_.emplace_back(std::move(line));
}

void header_list::add_without_value(std::string_view name) {
  lines_.emplace_back(std::string(name).append(":"));
}

curl_slist* header_list::get() {
  nodes_.resize(lines_.size());
  curl_slist* next = nullptr;
  for (std::size_t i = lines_.size(); i-- != 0; next = &nodes_[i]) {
    nodes_[i].data = const_cast<char*>(lines_[i].reveal().c_str()); // libcurl only reads it
    nodes_[i].next = next;
  }
  return next;
}

easy_handles::easy_handles(curl_transport_options options)
    : options_(std::move(options)), openssl_(libcurl_uses_openssl()),
      ca_file_(options_.ca_file.empty() ? system_ca_file() : options_.ca_file),
      user_agent_(user_agent()) {
  initialize_libcurl();
}

easy_handle easy_handles::take() {
  if (idle_.empty()) {
    easy_handle easy(curl_easy_init());
    if (easy && !configure(easy.get())) easy.reset();
    return easy;
  }
  easy_handle easy = std::move(idle_.back());
  idle_.pop_back();
  return easy;
}

void easy_handles::put_back(easy_handle easy) noexcept {
  // Before 8.17 libcurl counts the dead connections that it replaces over a handle's whole life,
  // and fails at the sixth: https://github.com/curl/curl/pull/19066. The count is set back after
  // each transfer that made a connection.
  long connections = 1;
  curl_easy_getinfo(easy.get(), CURLINFO_NUM_CONNECTS, &connections);
  if (connections != 0) {
    curl_easy_reset(easy.get());
    if (!configure(easy.get())) return;
  }
  try {
    idle_.push_back(std::move(easy));
  } catch (const std::bad_alloc&) { // then it is gone
  }
}

// What is the same for every request. Whatever libcurl would else take from the environment, or
// from a default of its build, is set here.
bool easy_handles::configure(CURL* easy) const {
  option_setter option(easy);
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
  option(CURLOPT_USERAGENT, user_agent_.c_str());
  option(CURLOPT_WRITEFUNCTION, &curl_transfer::on_body);
  option(CURLOPT_HEADERFUNCTION, &curl_transfer::on_header);
  return option.all_set();
}

bool curl_transfer::prepare(easy_handle easy, const http_request& request,
                            const curl_transport_options& options) {
  easy_ = std::move(easy);
  if (!easy_) return false;
  response_ = {};
  response_.headers.reserve(std::size(response_headers));
  max_response_bytes_ = options.max_response_bytes;
  received_ = 0;
  headers_ended_ = false;
  too_large_ = false;
  tls_begun_ = false;
  tunneled_ =
      !options.proxy.empty() && libcurl_uses_openssl() && request.url.compare(0, 6, "https:") == 0;
  headers_.reserve(request.headers.size() + 2);
  if (!request.authorization.empty()) {
    headers_.add("Authorization", request.authorization.reveal());
  }
  for (const http_header& header : request.headers)
    headers_.add(header.name, header.value);
  if (request.form) {
    // libcurl would ask for leave to send a long form, and wait a second for it.
    headers_.add_without_value("Expect");
  }
  option_setter option(easy_.get());
  set_method(option, request);
  option(CURLOPT_URL, request.url.c_str());
  option(CURLOPT_HTTPHEADER, headers_.get());
  option(CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  option(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
  option(CURLOPT_WRITEDATA, this);
  option(CURLOPT_HEADERDATA, this);
  option(CURLOPT_PRIVATE, this);
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

easy_handle curl_transfer::release() {
  easy_handle easy = std::move(easy_);
  headers_.clear();
  return easy;
}

transfer_progress curl_transfer::progress() const noexcept {
  transfer_progress progress = progress_of(easy(), tls_begun_);
  progress.proxy_silent = tunneled_ && progress.connected && !tls_begun_ && !progress.tls_done;
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
    self.response_.body.append(data, size);
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
    if (trimmed(line).empty()) {
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

// Of all that an answer brings, interim answers and trailers included.
bool curl_transfer::has_room_for(std::size_t bytes) noexcept {
  too_large_ = bytes > max_response_bytes_ - received_;
  if (!too_large_) received_ += bytes;
  return !too_large_;
}

} // namespace v0
} // namespace stripe_return
