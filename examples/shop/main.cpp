// A tea shop that takes money by Stripe Checkout: buy, pay, come back.
//
//   shop [--port PORT]     without STRIPE_SECRET_KEY, it sells by a fake Stripe in the process
//   shop --check           goes through every way of an order over HTTP, on SHOP_STORE and with a
//                          fake Stripe, and exits 0 or 1

#include "background.hpp"
#include "check.hpp"
#include "server.hpp"
#include "shop.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

namespace {

constexpr std::chrono::seconds short_pause{1};
constexpr std::chrono::seconds long_pause{60}; // where Stripe counts the requests

struct arguments {
  int port = 8081;
  bool check = false;
  bool understood = true;
};

arguments parse(int argc, char** argv) {
  arguments parsed;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--check") {
      parsed.check = true;
    } else if (word == "--port" && i + 1 < argc) {
      char* end = nullptr;
      const long port = std::strtol(argv[++i], &end, 10);
      parsed.understood = parsed.understood && *end == '\0' && port >= 0 && port <= 65535;
      parsed.port = static_cast<int>(port);
    } else {
      parsed.understood = false;
    }
  }
  return parsed;
}

sigset_t signals_that_end() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

void print_where_to_click(const shop& shop, const std::string& local_url) {
  std::printf("The shop:    %s/\nThe orders:  %s/orders?token=%s\n", shop.url().c_str(),
              shop.url().c_str(), shop.keeper.token().c_str());
  if (shop.url() != local_url) std::printf("Listens on:  %s/\n", local_url.c_str());
  if (shop.fake_stripe() != nullptr) {
    std::printf("Stripe is a fake in this process, at %s: no money moves.\n",
                shop.fake_stripe()->url().c_str());
  } else {
    std::printf("Webhooks:    %s/webhook\n", shop.url().c_str());
  }
  std::fflush(stdout);
}

int run(const arguments& wanted) {
  // Every thread leaves these signals to the one that waits for them.
  const sigset_t signals = signals_that_end();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  shop_port port(wanted.check ? 0 : wanted.port);
  configuration configuration = configuration_of_environment();
  if (wanted.check) configuration = {{}, {}, {}, {}, configuration.store, {}};
  shop shop(configuration, port.local_url());
  const serving serving(port, shop);
  const background worker("worker", short_pause, fulfilling(shop));
  if (wanted.check) return check_every_way(shop);
  const background reconciler("reconciler", shop.fake_stripe() ? short_pause : long_pause,
                              reconciling(shop));
  print_where_to_click(shop, port.local_url());
  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  const arguments wanted = parse(argc, argv);
  if (!wanted.understood) {
    std::fprintf(stderr, "usage: shop [--port PORT] [--check]\n");
    return 2;
  }
  try {
    return run(wanted);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "shop: %s\n", failure.what());
    return 1;
  }
}
