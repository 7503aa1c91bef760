#include "check_half_sent.hpp"

#include "check_expect.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

half_sent_requests::half_sent_requests(const std::string& origin, std::size_t count,
                                       const std::string& text) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port =
      htons(static_cast<std::uint16_t>(std::stoi(origin.substr(origin.rfind(':') + 1))));
  for (std::size_t i = 0; i != count; ++i) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockets_.push_back(socket);
    expect(connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
               send(socket, text.data(), text.size(), MSG_NOSIGNAL) ==
                   static_cast<ssize_t>(text.size()),
           "the shop takes no connection");
  }
}

half_sent_requests::~half_sent_requests() {
  for (const int each : sockets_)
    close(each);
}

std::size_t half_sent_requests::waited_for() const {
  return static_cast<std::size_t>(std::count_if(sockets_.begin(), sockets_.end(), [](int socket) {
    char byte = 0;
    return recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
  }));
}
