// Clients that begin a request and send no more of it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

class half_sent_requests {
public:
  // So many, to the server at this origin.
  half_sent_requests(const std::string& origin, std::size_t count, const std::string& text);
  ~half_sent_requests();
  half_sent_requests(const half_sent_requests&) = delete;
  half_sent_requests& operator=(const half_sent_requests&) = delete;

  // How many of them the server still waits for.
  std::size_t waited_for() const;

private:
  std::vector<int> sockets_;
};
