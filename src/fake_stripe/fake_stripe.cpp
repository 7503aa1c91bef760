#include <stripe_return/fake_stripe/fake_stripe.hpp>

#include "fake_stripe/api_service.hpp"
#include "fake_stripe/certificate.hpp"
#include "fake_stripe/control.hpp"
#include "fake_stripe/control_access.hpp"
#include "fake_stripe/http_server.hpp"
#include "fake_stripe/loopback_url.hpp"
#include "fake_stripe/payment_page.hpp"
#include "fake_stripe/server_state.hpp"
#include "fake_stripe/webhook_sender.hpp"

#include <ctime>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace {

const fake_stripe_options& checked(const fake_stripe_options& options) {
  const std::string& key = options.secret_key.reveal();
  if (!key.empty() && key.compare(0, 8, "sk_test_") != 0 && key.compare(0, 8, "rk_test_") != 0) {
    throw std::invalid_argument("fake_stripe takes a secret key of test mode alone");
  }
  if (!options.webhook_url.empty() && !fake::parse_loopback_url(options.webhook_url)) {
    throw std::invalid_argument("fake_stripe sends webhooks to this computer alone");
  }
  if (!options.webhook_url.empty() && options.webhook_secret.empty()) {
    throw std::invalid_argument("fake_stripe needs a secret to sign webhooks with");
  }
  if (options.start < 0) throw std::invalid_argument("fake_stripe starts in 1970 or later");
  return options;
}

// Sun, 06 Nov 1994 08:49:37 GMT, in English whatever the locale is (RFC 9110, 5.6.7).
std::string http_date(unix_seconds time) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t moment = static_cast<std::time_t>(time);
  std::tm utc = {};
  gmtime_r(&moment, &utc);
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[utc.tm_wday],
                utc.tm_mday, months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                utc.tm_sec);
  return text;
}

} // namespace

class fake_stripe::server {
public:
  explicit server(const fake_stripe_options& options)
      : certificate_(options.tls ? std::make_unique<fake::server_certificate>() : nullptr),
        http_(std::make_unique<fake::http_server>(certificate_.get(), options.port)),
        url_(http_->url()), state_(options, url_), api_(state_), control_(state_),
        webhooks_(std::make_unique<fake::webhook_sender>(state_)) {
    http_->start([this](const fake::request& request) { return answer(request); });
  }

  ~server() {
    {
      const std::lock_guard<std::mutex> lock(state_.mutex);
      state_.stopping = true;
      state_.changed.notify_all();
    }
    http_.reset(); // before what its handlers use
    webhooks_.reset();
  }

  const std::string& url() const { return url_; }
  const std::string& ca_pem() const {
    static const std::string none;
    return certificate_ ? certificate_->ca_pem() : none;
  }

private:
  fake::reply answer(const fake::request& request) {
    const auto below = [&request](std::string_view start) {
      return request.path.compare(0, start.size(), start) == 0;
    };
    if (below("/_fake/")) fake::refuse_foreign_page(request);
    std::unique_lock<std::mutex> lock(state_.mutex);
    fake::reply answer;
    if (below("/v1/")) {
      answer = api_.answer(request, lock);
    } else if (below("/_fake/")) {
      answer = control_.answer(request, lock);
    } else {
      answer = fake::payment_page(request, state_.stripe, state_.clock.now());
    }
    answer.headers.emplace_back("Date", http_date(state_.clock.now()));
    state_.changed.notify_all(); // there may be something to deliver
    return answer;
  }

  std::unique_ptr<fake::server_certificate> certificate_; // null: plain HTTP
  std::unique_ptr<fake::http_server> http_;
  std::string url_;
  fake::server_state state_;
  fake::api_service api_;
  fake::control control_;
  std::unique_ptr<fake::webhook_sender> webhooks_;
};

fake_stripe::fake_stripe(const fake_stripe_options& options)
    : server_(std::make_unique<server>(checked(options))) {}

fake_stripe::~fake_stripe() = default;

const std::string& fake_stripe::url() const noexcept {
  return server_->url();
}

const std::string& fake_stripe::ca_pem() const noexcept {
  return server_->ca_pem();
}

} // namespace v0
} // namespace stripe_return
