"""What the program tells the coordinator (经办人) by mail: alarms, morning mail, phone lists, closing report."""
