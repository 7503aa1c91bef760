// For the person on call.
#pragma once

#include <stripe_return/core/error.hpp>

// No session id, nothing of a query, nothing of a customer.
void log(const char* what, const stripe_return::error& failure);
