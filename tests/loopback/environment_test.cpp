// No environment variable acts on the library. A program of its own, since libcurl reads some
// variables once, when it is initialized. Each trap is first shown to catch a libcurl that is left
// to itself.
#include "die.hpp"
#include "transport_calls.hpp"

#include "unit/core/error_code_of.hpp"

#include <stripe_return/client/async_session_client.hpp>

#include <curl/curl.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <future>
#include <memory>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

namespace loopback {
namespace {

namespace sr = stripe_return;
using sr::curl_transport;

// A host that no_proxy names, so that the controls can tell both variables apart.
constexpr const char* unproxied_host = "unproxied.loopback.test";

std::string directory; // temporary, made by main()
std::string key_log;   // what SSLKEYLOGFILE names
https_server* trap;    // what the proxy variables name

long size_of(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? static_cast<long>(status.st_size) : 0;
}

std::size_t ignore_body(char*, std::size_t, std::size_t size, void*) {
  return size;
}

// libcurl with nothing set but where to go and whom to trust.
class bare_libcurl {
public:
  explicit bare_libcurl(const test_ca& ca) : easy_(curl_easy_init()) {
    curl_easy_setopt(easy_, CURLOPT_CAINFO, ca.ca_file().c_str());
    curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &ignore_body);
    curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  }
  ~bare_libcurl() { curl_easy_cleanup(easy_); }
  bare_libcurl(const bare_libcurl&) = delete;
  bare_libcurl& operator=(const bare_libcurl&) = delete;

  void set_proxy(const std::string& proxy) {
    curl_easy_setopt(easy_, CURLOPT_PROXY, proxy.c_str());
  }
  CURLcode get(const std::string& url) {
    curl_easy_setopt(easy_, CURLOPT_URL, url.c_str());
    return curl_easy_perform(easy_);
  }

private:
  CURL* easy_;
};

class Environment : public ::testing::Test {
protected:
  test_ca ca_;
  https_server https_{
      {always(response{200, {}, "https"}), ca_.issue({{"localhost", unproxied_host}})}};
  https_server http_{{always(response{200, {}, "http"})}};
  int trapped_before_ = trap->connections();
  long key_log_before_ = size_of(key_log);

  int trapped() const { return trap->connections() - trapped_before_; }
  long key_log_growth() const { return size_of(key_log) - key_log_before_; }
  std::string unproxied_url() const {
    return "https://" + std::string(unproxied_host) + ":" + std::to_string(https_.port());
  }
};

TEST_F(Environment, CatchesABareLibcurlByProxy) {
  bare_libcurl bare(ca_);
  EXPECT_NE(bare.get(https_.url()), CURLE_OK);
  EXPECT_EQ(trapped(), 1);
  bare.get(http_.url());
  EXPECT_GE(trap->requests(), 2);
  EXPECT_EQ(https_.requests() + http_.requests(), 0);
}

TEST_F(Environment, CatchesABareLibcurlByKeyLog) {
  if (std::strncmp(curl_version_info(CURLVERSION_NOW)->ssl_version, "OpenSSL/", 8) != 0) {
    GTEST_SKIP() << "another TLS library, with other habits";
  }
  bare_libcurl bare(ca_);
  bare.set_proxy("");
  EXPECT_EQ(bare.get(https_.url()), CURLE_OK);
  EXPECT_GT(key_log_growth(), 0);
}

TEST_F(Environment, CatchesABareLibcurlByNoProxy) {
  bare_libcurl bare(ca_);
  bare.set_proxy("http://localhost:" + std::to_string(trap->port()));
  EXPECT_EQ(bare.get(unproxied_url()), CURLE_OK); // around the proxy that it was given
  EXPECT_EQ(trapped(), 0);
}

TEST_F(Environment, DoesNotActOnTheTransport) {
  curl_transport transport(trusting(ca_));
  for (int i = 0; i < 3; ++i) {
    for (const std::string& url : {https_.url(), unproxied_url(), http_.url()}) {
      sr::http_request request = get(url);
      request.authorization = "Bearer sk_test_1";
      const auto answer = send_once(transport, request);
      ASSERT_TRUE(answer) << answer.error().message;
      EXPECT_EQ(answer->status, 200);
    }
  }
  for (const request& asked : https_.received())
    EXPECT_EQ(asked.header("authorization"), "Bearer sk_test_1"); // not that of ~/.netrc
  EXPECT_EQ(trapped(), 0);
  EXPECT_EQ(key_log_growth(), 0);
}

// As when a connection was dropped: each handshake would be written.
TEST_F(Environment, DoesNotActOnLaterHandshakes) {
  for (int i = 0; i < 5; ++i) {
    curl_transport transport(trusting(ca_));
    ASSERT_TRUE(send_once(transport, get(https_.url())));
  }
  EXPECT_EQ(https_.tls_handshakes(), 5);
  EXPECT_EQ(key_log_growth(), 0);
  EXPECT_EQ(trapped(), 0);
}

// no_proxy must not lead around the proxy that the host named.
TEST_F(Environment, DoesNotLeadAroundTheProxy) {
  const https_server proxy({always(response{403, {}, "no"})});
  sr::curl_transport_options options = trusting(ca_);
  options.proxy = "http://localhost:" + std::to_string(proxy.port());
  curl_transport transport(options);
  for (const std::string& url : {https_.url(), unproxied_url()})
    EXPECT_EQ(error_code_of(send_once(transport, get(url))), sr::error_code::could_not_connect)
        << url;
  EXPECT_EQ(proxy.requests(), 2);
  EXPECT_EQ(https_.connections(), 0);
  EXPECT_EQ(trapped(), 0);
}

// Nor on the client that has the transport's other driver.
TEST_F(Environment, DoesNotActOnTheAsynchronousClient) {
  sr::client_options options;
  options.secret_key = "sk_test_1";
  options.api_base = https_.url();
  options.ca_file = ca_.ca_file();
  std::promise<sr::error_code> answered;
  sr::async_session_client client(options);
  client.retrieve(sr::session_id::parse("cs_test_a1"), {},
                  [&](const auto& answer) { answered.set_value(error_code_of(answer).value()); });
  EXPECT_EQ(answered.get_future().get(), sr::error_code::not_json); // the server's "https"
  EXPECT_EQ(https_.received().at(0).header("authorization"), "Bearer sk_test_1");
  EXPECT_EQ(trapped(), 0);
  EXPECT_EQ(key_log_growth(), 0);
}

// Nor does it choose whom to trust.
TEST_F(Environment, DoesNotChooseTheAuthorities) {
  curl_transport transport{{}};
  EXPECT_EQ(error_code_of(send_once(transport, get(https_.url()))), sr::error_code::tls_unknown_ca);
}

void set(const char* name, const std::string& value) {
  if (setenv(name, value.c_str(), 1) != 0) die("cannot set a variable");
}

void set_the_traps(const test_ca& trusted_by_environment) {
  char path[] = "/tmp/stripe_return_environment_XXXXXX";
  if (mkdtemp(path) == nullptr) die("cannot make a directory");
  directory = path;
  key_log = directory + "/key_log";
  const std::string proxy = "http://localhost:" + std::to_string(trap->port());
  for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
    set(name, proxy);
  set("no_proxy", unproxied_host);
  set("NO_PROXY", unproxied_host);
  set("SSLKEYLOGFILE", key_log);
  for (const char* name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"})
    set(name, trusted_by_environment.ca_file());
  set("SSL_CERT_DIR", directory);
  set("CURL_HOME", directory);
  set("HOME", directory);
  std::ofstream(directory + "/.netrc") << "default login evil password evil\n";
  std::ofstream(directory + "/.curlrc") << "insecure\nproxy = \"" << proxy << "\"\n";
}

void remove_the_traps() {
  for (const char* file : {"/key_log", "/.netrc", "/.curlrc"})
    std::remove((directory + file).c_str());
  rmdir(directory.c_str());
}

} // namespace
} // namespace loopback

int main(int argc, char** argv) {
  using namespace loopback;
  ::testing::InitGoogleTest(&argc, argv);
  https_server listener({always(response{502, {{"Connection", "close"}}, "trapped"})});
  trap = &listener;
  const test_ca trusted_by_environment;
  set_the_traps(trusted_by_environment);
  curl_global_init(CURL_GLOBAL_DEFAULT); // reads SSLKEYLOGFILE
  const int failed = RUN_ALL_TESTS();
  remove_the_traps();
  return failed;
}
