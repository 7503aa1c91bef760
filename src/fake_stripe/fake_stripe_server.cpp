#include <stripe_return/fake_stripe/fake_stripe_server.hpp>

#include "fake_stripe/certificate.hpp"
#include "fake_stripe/http_server.hpp"
#include "fake_stripe/request_handler.hpp"
#include "fake_stripe/server_state.hpp"
#include "fake_stripe/webhook_sender.hpp"
#include "testkit/fake_stripe/loopback_url.hpp"

#include <chrono>
#include <random>
#include <stdexcept>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

const fake_stripe_server_options& checked(const fake_stripe_server_options& options) {
  const std::string& key = options.secret_key.reveal();
  if (!key.empty() && key.compare(0, 8, "sk_test_") != 0 && key.compare(0, 8, "rk_test_") != 0) {
    throw std::invalid_argument("fake_stripe_server takes a secret key of test mode alone");
  }
  if (!options.webhook_url.empty() && !fake::parse_loopback_url(options.webhook_url)) {
    throw std::invalid_argument("fake_stripe_server sends webhooks to this computer alone");
  }
  if (!options.webhook_url.empty() && options.webhook_secret.empty()) {
    throw std::invalid_argument("fake_stripe_server needs a secret to sign webhooks with");
  }
  if (options.start < 0) throw std::invalid_argument("fake_stripe_server starts in 1970 or later");
  return options;
}

// So many bits that two servers make different ids.
std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

// Runs on from `start`, or is the computer's.
std::function<unix_seconds()> running_from(unix_seconds start) {
  if (start == 0) return fake::computers_time;
  return [start, since = std::chrono::steady_clock::now()] {
    const auto passed = std::chrono::steady_clock::now() - since;
    return start + std::chrono::duration_cast<std::chrono::seconds>(passed).count();
  };
}

fake::machine_options options_of(const fake_stripe_server_options& given, const std::string& url) {
  fake::machine_options options;
  options.base_url = url;
  options.accounts.push_back({given.account, given.secret_key});
  for (const std::string& each : given.connected_accounts)
    options.accounts.push_back({each, {}});
  options.endpoint.url = given.webhook_url;
  options.endpoint.signing_secret = given.webhook_secret;
  options.seed = random_seed();
  options.time = running_from(given.start);
  return options;
}

} // namespace

class fake_stripe_server::impl {
public:
  explicit impl(const fake_stripe_server_options& options)
      : certificate_(options.tls ? std::make_unique<fake::server_certificate>() : nullptr),
        http_(std::make_unique<fake::http_server>(certificate_.get(), options.port)),
        url_(http_->url()), state_(options_of(options, url_)), handler_(state_),
        webhooks_(std::make_unique<fake::webhook_sender>(state_)) {
    http_->start([this](const fake::request& request) { return handler_.answer(request); });
  }

  ~impl() {
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
  std::unique_ptr<fake::server_certificate> certificate_; // null: plain HTTP
  std::unique_ptr<fake::http_server> http_;
  std::string url_;
  fake::server_state state_;
  fake::request_handler handler_;
  std::unique_ptr<fake::webhook_sender> webhooks_;
};

fake_stripe_server::fake_stripe_server(const fake_stripe_server_options& options)
    : impl_(std::make_unique<impl>(checked(options))) {}

fake_stripe_server::~fake_stripe_server() = default;

const std::string& fake_stripe_server::url() const noexcept {
  return impl_->url();
}

const std::string& fake_stripe_server::ca_pem() const noexcept {
  return impl_->ca_pem();
}

} // namespace v0
} // namespace stripe_return
