variable "subscription_id" {
  description = "The subscription that pays: az account show --query id -o tsv."
  type        = string
}

variable "name" {
  description = "The name of everything; lower-case letters and digits, since the registry's takes nothing else and must be unique in all of Azure."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{4,29}$", var.name))
    error_message = "5 to 30 lower-case letters and digits, a letter first."
  }
}

variable "location" {
  description = "The region: az account list-locations -o table."
  type        = string
  default     = "westeurope"
}

variable "node_size" {
  description = "The nodes' machine. The cluster's main cost."
  type        = string
  default     = "Standard_D2s_v5"
}

variable "node_count" {
  description = "How many nodes."
  type        = number
  default     = 2
}

variable "node_os" {
  description = "Ubuntu or AzureLinux. On Azure Linux rsyslog sends each message twice, and twice it is paid for: see README.md."
  type        = string
  default     = "Ubuntu"

  validation {
    condition     = contains(["Ubuntu", "AzureLinux"], var.node_os)
    error_message = "Ubuntu or AzureLinux."
  }
}

variable "syslog_facilities" {
  description = "Facilities that are collected: the one in the plugin file syslog.conf, and no others, since each line is paid for."
  type        = list(string)
  default     = ["local6"]
}

variable "retention_days" {
  description = "How long Log Analytics keeps the data."
  type        = number
  default     = 30
}

variable "daily_quota_gb" {
  description = "Log Analytics stops taking data at so many GB a day. A seat belt for a demonstration; -1: none. Audit data beyond it is lost."
  type        = number
  default     = 5
}
