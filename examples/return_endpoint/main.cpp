// The way back from Stripe Checkout on cpp-httplib: with STRIPE_SECRET_KEY it asks Stripe, without
// it sells tea by a Stripe of its own, and shows every state from a script as well.

#include "check.hpp"
#include "demo.hpp"
#include "endpoint.hpp"
#include "page.hpp"
#include <stripe_return/stripe_return.hpp>

#include <httplib.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

namespace sr = stripe_return;

namespace {

struct arguments {
  int port = 8081;
  bool check = false;
  bool understood = true;
};

arguments parse(int argc, char** argv) {
  arguments parsed;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    char* end = nullptr;
    if (word == "--check") {
      parsed.check = true;
    } else if (word == "--port" && i + 1 < argc) {
      const long port = std::strtol(argv[++i], &end, 10);
      parsed.understood = parsed.understood && *end == '\0' && port >= 0 && port <= 65535;
      parsed.port = static_cast<int>(port);
    } else {
      parsed.understood = false;
    }
  }
  return parsed;
}

constexpr char order_cookie[] = "out_trade_no=";

// A browser brings its order along in a cookie. A real shop signs it, or keeps it in a login
// session.
std::optional<sr::expected_order> order_of_visit(const httplib::Request& request) {
  const std::string cookie = request.get_header_value("Cookie");
  if (cookie.rfind(order_cookie, 0) != 0) return std::nullopt;
  const std::string number = cookie.substr(sizeof order_cookie - 1);
  for (const demo::visit& visit : demo::visits()) {
    if (visit.order && visit.target == request.target && number == visit.order->out_trade_no) {
      return visit.order;
    }
  }
  return std::nullopt;
}

void remember(const std::string& out_trade_no, httplib::Response& response) {
  response.set_header("Set-Cookie",
                      order_cookie + out_trade_no + "; Path=/; HttpOnly; SameSite=Lax");
}

void add_list_of_visits(httplib::Server& server) {
  server.Get("/", [](const httplib::Request&, httplib::Response& response) {
    std::string html =
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n"
        "<link rel=\"stylesheet\" href=\"/style.css\">\n"
        "<title>Coming back from Stripe</title>\n</head>\n<body>\n<main class=\"list\">\n"
        "<h1>Coming back from Stripe</h1>\n<table>\n"
        "<tr><th>The customer's return</th><th>means</th></tr>\n";
    for (std::size_t i = 0; i != demo::visits().size(); ++i) {
      const demo::visit& visit = demo::visits()[i];
      html += "<tr><td><a href=\"/visit?number=" + std::to_string(i) + "\">" + visit.name +
              "</a></td><td>" + visit.word + "</td></tr>\n";
    }
    html += "</table>\n</main>\n</body>\n</html>\n";
    response.set_content(html, "text/html; charset=utf-8");
  });
  // What the shop did before the customer left: it remembers the order in the browser.
  server.Get("/visit", [](const httplib::Request& request, httplib::Response& response) {
    const std::string number = request.get_param_value("number");
    for (std::size_t i = 0; i != demo::visits().size(); ++i) {
      if (number != std::to_string(i)) continue;
      const demo::visit& visit = demo::visits()[i];
      const std::string order = visit.order ? visit.order->out_trade_no : "";
      remember(order, response);
      response.set_redirect(visit.target, 303);
      return;
    }
    response.status = 404;
  });
}

sr::session_client make_client(const char* secret_key) {
  sr::client_options options;
  options.secret_key = secret_key;
  return sr::session_client(std::move(options));
}

sr::session_client make_demonstration_client() {
  sr::client_options options;
  options.secret_key = demo::secret_key;
  options.retry.max_retries = 0;
  return sr::session_client(std::move(options), {demo::make_transport()});
}

void print_visits(const std::string& base) {
  std::printf("Come back in every state and with every failure: %s/\n", base.c_str());
  for (const demo::visit& visit : demo::visits()) {
    std::printf("  %-28s %s%s\n", visit.word.c_str(), base.c_str(), visit.target.c_str());
  }
}

} // namespace

int main(int argc, char** argv) {
  const arguments wanted = parse(argc, argv);
  if (!wanted.understood) {
    std::fprintf(stderr, "usage: return_endpoint [--port PORT] [--check]\n");
    return 2;
  }
  const char* secret_key = wanted.check ? nullptr : std::getenv("STRIPE_SECRET_KEY");
  const bool demonstration = secret_key == nullptr || *secret_key == '\0';
  const sr::session_client stripe =
      demonstration ? make_demonstration_client() : make_client(secret_key);
  const sr::return_handler on_return(stripe);

  httplib::Server server;
  add_return_endpoint(server, on_return, [&](const httplib::Request& request) {
    return demonstration ? order_of_visit(request) : std::nullopt;
  });
  if (demonstration) add_list_of_visits(server);

  const bool any_port = wanted.check || wanted.port == 0;
  const int port = any_port ? server.bind_to_any_port("127.0.0.1") : wanted.port;
  if (port <= 0 || (!any_port && !server.bind_to_port("127.0.0.1", port))) {
    std::fprintf(stderr, "port %d is taken: name another by --port\n", wanted.port);
    return 1;
  }
  if (wanted.check) {
    std::thread serving([&] { server.listen_after_bind(); });
    const int exit_code = check_every_visit(port);
    server.stop();
    serving.join();
    return exit_code;
  }
  const std::string base = "http://127.0.0.1:" + std::to_string(port);
  if (demonstration) {
    print_visits(base);
  } else {
    std::printf("Asking Stripe. return_url: %s/stripe_return?session_id={CHECKOUT_SESSION_ID}\n",
                base.c_str());
  }
  std::fflush(stdout);
  return server.listen_after_bind() ? 0 : 1;
}
