// The shop on HTTP.
#pragma once

#include "shop.hpp"

#include <httplib.h>

#include <string>
#include <thread>

// A port of 127.0.0.1 that is the shop's, before there is a shop that answers at it.
class shop_port {
public:
  // Any port for 0. Throws std::runtime_error where it is taken.
  explicit shop_port(int port);

  const std::string& local_url() const noexcept { return local_url_; }

private:
  friend class serving;
  httplib::Server server_;
  std::string local_url_;
};

// Answers on threads of its own, as long as it lives.
class serving {
public:
  serving(shop_port& port, shop& shop);
  ~serving();
  serving(const serving&) = delete;
  serving& operator=(const serving&) = delete;

private:
  httplib::Server& server_;
  std::thread thread_;
};
