import { pythonTool } from './python.ts';

/** The core and its SDK, without the providers of other systems. */
export const airflow = pythonTool('airflow', '3.3.2', ['apache-airflow-core==3.3.2']);
