declare global {
  namespace App {
    interface Locals {
      locale: 'en' | 'pt-BR';
    }
    interface PageData {
      locale?: 'en' | 'pt-BR';
    }
    interface Error {
      message: string;
      /** Of a page that no route has. */
      locale?: 'en' | 'pt-BR';
    }
    interface Platform {
      req?: {
        /** The server that mounted this build: API calls of SSR stay in the process. */
        datacraft?: { fetch: (request: Request) => Promise<Response> };
      };
    }
  }
}

export {};
