#include "shop.hpp"

#include <stripe_return/fake_stripe/fake_stripe_server.hpp>
#include <stripe_return/stripe_return.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

#include <unistd.h>

namespace {

namespace sr = stripe_return;

class temporary_file {
public:
  explicit temporary_file(const std::string& text) {
    const int file = mkstemp(path_);
    if (file < 0) throw std::runtime_error("cannot make a temporary file");
    close(file);
    std::ofstream(path_) << text;
  }
  ~temporary_file() { unlink(path_); }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  const char* path() const { return path_; }

private:
  char path_[32] = "/tmp/fake_stripe_test_XXXXXX";
};

sr::fake_stripe_server_options with_tls() {
  sr::fake_stripe_server_options options;
  options.tls = true;
  return options;
}

class FakeStripeOverTls : public testing::Test {
protected:
  sr::error_code asked(const std::string& url, const std::string& ca_file) const {
    sr::client_options options;
    options.secret_key = "sk_test_shop";
    options.api_base = url;
    options.ca_file = ca_file;
    options.retry.max_retries = 0;
    const auto fetched = sr::session_client(options).retrieve(*sr::session_id::parse("cs_test_x"));
    return fetched ? sr::error_code{} : fetched.error().code;
  }

  sr::fake_stripe_server stripe_{with_tls()};
};

TEST_F(FakeStripeOverTls, IsTrustedByItsOwnAuthority) {
  const temporary_file ca(stripe_.ca_pem());
  EXPECT_EQ(stripe_.url().rfind("https://127.0.0.1:", 0), 0u);
  EXPECT_EQ(asked(stripe_.url(), ca.path()), sr::error_code::session_not_found);
  const std::string port = stripe_.url().substr(stripe_.url().rfind(':'));
  EXPECT_EQ(asked("https://localhost" + port, ca.path()), sr::error_code::session_not_found);
}

TEST_F(FakeStripeOverTls, IsTrustedByNoOther) {
  const sr::fake_stripe_server other(with_tls());
  const temporary_file ca(other.ca_pem());
  EXPECT_EQ(asked(stripe_.url(), ca.path()), sr::error_code::tls_unknown_ca);
}

TEST(FakeStripeOptions, AreChecked) {
  EXPECT_EQ(sr::fake_stripe_server().ca_pem(), "");
  const auto refused = [](auto set) {
    sr::fake_stripe_server_options options;
    set(options);
    EXPECT_THROW(sr::fake_stripe_server{options}, std::invalid_argument);
  };
  refused([](auto& options) { options.secret_key = "sk_live_x"; });
  refused([](auto& options) { options.start = -1; });
  refused([](auto& options) { options.webhook_url = "http://127.0.0.1:9/"; });
  refused([](auto& options) {
    options.webhook_url = "http://192.0.2.1/";
    options.webhook_secret = "whsec_x";
  });
}

TEST(FakeStripeOptions, StartTheClock) {
  sr::fake_stripe_server_options options;
  options.start = 1700000000;
  const sr::fake_stripe_server stripe(options);
  const auto now = shop(stripe.url()).look("/clock").at("now").get<sr::unix_seconds>();
  EXPECT_GE(now, 1700000000);
  EXPECT_LT(now, 1700000000 + 3600);
}

TEST(FakeStripeOptions, RefuseAPortThatIsTaken) {
  const sr::fake_stripe_server first;
  sr::fake_stripe_server_options options;
  options.port =
      static_cast<std::uint16_t>(std::stoi(first.url().substr(first.url().rfind(':') + 1)));
  EXPECT_THROW(sr::fake_stripe_server{options}, std::runtime_error);
}

} // namespace
