// libpcap can capture from D-Bus, which nobody asks it for here. These stand in
// for the functions of libdbus that its archive names.

#define UNUSED(Name)                                                           \
  void Name(void);                                                             \
  void Name(void) {}

UNUSED(dbus_message_demarshal)
UNUSED(dbus_connection_send)
UNUSED(dbus_connection_flush)
UNUSED(dbus_message_unref)
UNUSED(dbus_error_free)
UNUSED(dbus_connection_pop_message)
UNUSED(dbus_connection_read_write)
UNUSED(dbus_message_is_signal)
UNUSED(dbus_message_marshal)
UNUSED(dbus_free)
UNUSED(dbus_connection_unref)
UNUSED(dbus_connection_open)
UNUSED(dbus_bus_register)
UNUSED(dbus_bus_add_match)
UNUSED(dbus_error_is_set)
UNUSED(dbus_bus_get)
UNUSED(dbus_connection_set_max_received_size)
