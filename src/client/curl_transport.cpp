#include <stripe_return/client/curl_transport.hpp>

#include "client/curl_error.hpp"
#include "client/curl_global.hpp"

#include <curl/curl.h>

#include <condition_variable>
#include <list>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace {

struct free_easy {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
struct free_multi {
  void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
};
struct free_list {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using easy_handle = std::unique_ptr<CURL, free_easy>;
using multi_handle = std::unique_ptr<CURLM, free_multi>;
using header_list = std::unique_ptr<curl_slist, free_list>;

bool append(header_list& list, std::string_view name, const std::string& value) {
  std::string line(name);
  line += ": ";
  line += value;
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) return false;
  static_cast<void>(list.release());
  list.reset(longer);
  return true;
}

error out_of_memory() {
  return {error_code::transport_failed, "libcurl could not get the memory it needs."};
}

} // namespace

// One multi handle serves all threads, so that they share its connections and its parsed CA store;
// src/adr/0002-one-multi-handle.md tells why. Of the threads inside send(), one at a time drives
// the multi handle for all of them; when its own transfer is done, it hands the driving on.
class curl_transport::engine {
public:
  explicit engine(curl_transport_options options) : options_(std::move(options)) {
    initialize_libcurl();
    multi_.reset(curl_multi_init());
  }

  result<http_response> send(const http_request& request) {
    transfer self(options_.max_response_bytes);
    std::list<transfer*> place{
        &self}; // its node moves from list to list: nothing is allocated then
    self.place = place.begin();
    if (!multi_ || !take_handle(self.easy) || !prepare(self, request)) return out_of_memory();
    {
      std::unique_lock<std::mutex> lock(mutex_);
      waiting_.splice(waiting_.end(), place);
      if (driven_) {
        curl_multi_wakeup(multi_.get());
        self.turn.wait(lock, [&] { return self.done || !driven_; });
      }
      if (!self.done) drive(lock, self);
    }
    result<http_response> outcome = finish(self);
    curl_easy_setopt(self.easy.get(), CURLOPT_HTTPHEADER, nullptr);
    put_back(std::move(self.easy));
    return outcome;
  }

private:
  // One call of send(). It stays where it is: libcurl and the driving thread point to it.
  struct transfer {
    explicit transfer(std::size_t limit) : max_response_bytes(limit) {}

    easy_handle easy;
    header_list headers;
    http_response response;
    const std::size_t max_response_bytes;
    CURLcode code = CURLE_OK;
    bool too_large = false;
    bool done = false;            // guarded by mutex_
    std::condition_variable turn; // of this thread to go on: done, or to drive
    std::list<transfer*>::iterator place;
  };

  bool take_handle(easy_handle& easy) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!idle_.empty()) {
        easy = std::move(idle_.back());
        idle_.pop_back();
        return true;
      }
    }
    easy.reset(curl_easy_init());
    return easy && configure(easy.get());
  }

  void put_back(easy_handle easy) {
    const std::lock_guard<std::mutex> lock(mutex_);
    idle_.push_back(std::move(easy));
  }

  // What is the same for every request. Whatever libcurl would else take from the environment, or
  // from a default of its build, is set here.
  bool configure(CURL* easy) const {
    bool set = true;
    const auto option = [&](CURLoption which, auto value) {
      set = curl_easy_setopt(easy, which, value) == CURLE_OK && set;
    };
    option(CURLOPT_NOSIGNAL, 1L);
    option(CURLOPT_QUICK_EXIT, 1L); // else a stalled resolver holds the thread past the timeout
    option(CURLOPT_FOLLOWLOCATION, 0L);
    option(CURLOPT_PROTOCOLS_STR, "https,http");
    option(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    option(CURLOPT_ACCEPT_ENCODING, "gzip");
    option(CURLOPT_PROXY, options_.proxy.c_str());
    option(CURLOPT_NOPROXY, "");
    option(CURLOPT_SSL_VERIFYPEER, 1L);
    option(CURLOPT_SSL_VERIFYHOST, 2L);
    option(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    // libcurl keeps a parsed CA store only where it has a file and no path: see the record.
    const char* ca_file = options_.ca_file.empty() ? system_ca_file() : options_.ca_file.c_str();
    if (ca_file != nullptr) {
      option(CURLOPT_CAINFO, ca_file);
      option(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    if (libcurl_uses_openssl()) {
      option(CURLOPT_SSL_CTX_FUNCTION, &on_tls_context);
    }
    option(CURLOPT_USERAGENT, user_agent().c_str());
    option(CURLOPT_WRITEFUNCTION, &on_body);
    option(CURLOPT_HEADERFUNCTION, &on_header);
    return set;
  }

  static bool prepare(transfer& self, const http_request& request) {
    CURL* easy = self.easy.get();
    bool set = true;
    const auto option = [&](CURLoption which, auto value) {
      set = curl_easy_setopt(easy, which, value) == CURLE_OK && set;
    };
    if (!request.authorization.empty()) {
      set = append(self.headers, "Authorization", request.authorization.reveal());
    }
    for (const http_header& header : request.headers) {
      set = append(self.headers, header.name, header.value) && set;
    }
    option(CURLOPT_URL, request.url.c_str());
    option(CURLOPT_HTTPHEADER, self.headers.get());
    option(CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    option(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
    option(CURLOPT_WRITEDATA, &self);
    option(CURLOPT_HEADERDATA, &self);
    option(CURLOPT_PRIVATE, &self);
    return set;
  }

  // Does the network work of every transfer until `self` is done. The lock is held on entry and on
  // return, and not while libcurl works: only the driving thread touches the multi handle.
  void drive(std::unique_lock<std::mutex>& lock, transfer& self) {
    driven_ = true;
    while (!self.done) {
      while (!waiting_.empty()) {
        transfer& next = *waiting_.front();
        active_.splice(active_.end(), waiting_, next.place);
        if (curl_multi_add_handle(multi_.get(), next.easy.get()) != CURLM_OK) {
          complete(next, CURLE_FAILED_INIT);
        }
      }
      lock.unlock();
      int running = 0;
      curl_multi_perform(multi_.get(), &running);
      lock.lock();
      complete_finished();
      if (self.done) break;
      lock.unlock();
      curl_multi_poll(multi_.get(), nullptr, 0, 1000, nullptr); // wakes for libcurl's own timers
      lock.lock();
    }
    driven_ = false;
    const std::list<transfer*>& others = active_.empty() ? waiting_ : active_;
    if (!others.empty()) others.front()->turn.notify_one();
  }

  void complete_finished() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      transfer* finished = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &finished);
      curl_multi_remove_handle(multi_.get(), message->easy_handle);
      complete(*finished, code);
    }
  }

  void complete(transfer& finished, CURLcode code) {
    active_.erase(finished.place);
    finished.code = code;
    finished.done = true;
    finished.turn.notify_one();
  }

  static result<http_response> finish(transfer& self) {
    if (self.too_large) return transport_error(CURLE_FILESIZE_EXCEEDED, {});
    if (self.code != CURLE_OK) return transport_error(self.code, progress_of(self.easy.get()));
    long status = 0;
    curl_easy_getinfo(self.easy.get(), CURLINFO_RESPONSE_CODE, &status);
    self.response.status = static_cast<int>(status);
    return std::move(self.response);
  }

  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) noexcept {
    auto& self = *static_cast<transfer*>(user);
    if (size > self.max_response_bytes - self.response.body.size()) {
      self.too_large = true;
      return 0;
    }
    try {
      self.response.body.append(data, size);
    } catch (const std::bad_alloc&) {
      return 0;
    }
    return size;
  }

  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) noexcept {
    auto& self = *static_cast<transfer*>(user);
    const std::string_view line(data, size);
    try {
      if (line.substr(0, 5) == "HTTP/") {
        self.response.headers.clear(); // of an interim answer, or of a proxy
        return size;
      }
      for (const std::string_view name : response_headers) {
        if (line.size() > name.size() && line[name.size()] == ':' &&
            curl_strnequal(data, name.data(), name.size()) != 0) {
          self.response.headers.push_back(
              {std::string(name), std::string(trimmed(line.substr(name.size() + 1)))});
        }
      }
    } catch (const std::bad_alloc&) {
      return 0;
    }
    return size;
  }

  static std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view blank = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
  }

  static CURLcode on_tls_context(CURL*, void* ssl_ctx, void*) noexcept {
    disable_key_log(ssl_ctx);
    return CURLE_OK;
  }

  static std::string user_agent() {
    return std::string("stripe_return/" STRIPE_RETURN_VERSION " libcurl/") +
           curl_version_info(CURLVERSION_NOW)->version;
  }

  const curl_transport_options options_;
  multi_handle multi_; // touched by the driving thread alone, but for curl_multi_wakeup()
  std::mutex mutex_;
  bool driven_ = false;
  std::list<transfer*> waiting_; // for the driving thread to take in
  std::list<transfer*> active_;
  std::vector<easy_handle> idle_;
};

curl_transport::curl_transport(curl_transport_options options)
    : engine_(std::make_unique<engine>(std::move(options))) {}

curl_transport::~curl_transport() = default;

result<http_response> curl_transport::send(const http_request& request) {
  return engine_->send(request);
}

} // namespace v0
} // namespace stripe_return
